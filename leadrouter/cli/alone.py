"""`leadrouter` alone: what to do first where there is no database yet, else where things stand and what comes next."""

from __future__ import annotations

import os
from pathlib import Path

from leadrouter.cli.given import DEFAULT_DB
from leadrouter.cli.office import Office

CONFIGURATION = Path("leadrouter.yaml")
"""What `init` writes without a name."""


def alone() -> None:
    """Looks into the folder, or into the database, and says the next step. Writes nothing."""
    from leadrouter.reports import next_steps
    from leadrouter.reports.lines import say

    db = Path(os.environ.get("LEADROUTER_DB") or DEFAULT_DB)
    if not db.exists():
        say(*next_steps.first_steps(db, CONFIGURATION if CONFIGURATION.is_file() else None))
        return
    from leadrouter.store import inside, queries, sweeps
    from leadrouter.store.policies import policy_in_force
    from leadrouter.store.transactions import reading

    pretended = os.environ.get("LEADROUTER_NOW")
    office = Office(db, pretended)
    with reading(office.connection):
        policy = policy_in_force(office.connection)
        leads, waiting = queries.open_leads(office.connection), queries.waiting_leads(office.connection)
        asked, last = queries.requested_leads(office.connection), sweeps.last_sweep(office.connection)
        touches = len(inside.leads_to_touch(office.connection, office.now))
        any_lead = queries.has_leads(office.connection)
    say(
        *next_steps.standing(
            policy, leads, waiting, asked, last, office.now, touches=touches, any_lead=any_lead,
            pretended=pretended is not None,
        )
    )  # fmt: skip
