"""What `leadrouter` alone says: the first steps in an empty folder; afterwards where things stand, and what is next.

Plain text. A next step is a command that may be typed as it stands here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.reports.sweeps import is_late, ran
from leadrouter.reports.wording import shown_due
from leadrouter.store.queries import LeadRow

Steps = list[tuple[str, str]]
"""Commands, and what each is for."""

MORE = "all commands: leadrouter --help; one of them: leadrouter COMMAND --help"


def first_steps(database: Path, configuration: Path | None) -> list[str]:
    """Where there is no database yet; with a configuration in the folder one step is done already."""
    steps: Steps = [
        ("leadrouter init", "writes leadrouter.yaml, for you to fill in"),
        ("leadrouter init --from agents.csv", "or makes it of a list of your agents"),
        ("leadrouter check leadrouter.yaml", "says what is wrong in it, line by line"),
        ("leadrouter load leadrouter.yaml", "puts it in force; makes the database"),
        ("leadrouter import leads.csv --dry-run", "shows what your leads would become"),
        ("leadrouter import leads.csv", "deals them out"),
    ]
    there = f"There is no database at {database} yet"
    if configuration is not None:
        return [f"{there}, but {configuration} is here.", "", *_listed("next", steps[2:]), "", MORE]
    return [f"{there}. It is made of one small file about your team.", "", *_listed("first", steps), "", MORE]


def standing(
    policy: Policy,
    leads: Sequence[LeadRow],
    waiting: dict[str, int],
    asked: Sequence[LeadRow],
    last_sweep: datetime | None,
    now: datetime,
    *,
    touches: int,
    any_lead: bool,
    pretended: bool,
) -> list[str]:
    """Where things stand, in a few lines, and what to do about it. `touches`: leads in nurture that are due;
    `pretended`: the moment is not the clock's.
    """
    late = Counter(row.state.agent for row in leads if (due := shown_due(row.state, policy)) is not None and due < now)
    overdue = f", {late.total():,} of them overdue" if late else ""
    holders = len({row.state.agent for row in leads})
    who = f"{policy.team.name}, " if policy.team.name else ""
    lines = [f"{who}{wall_clock(now, policy.team.timezone)}", *([PRETENDED] if pretended else [])]
    if any_lead:
        lines.append(f"{counted(len(leads), 'open lead')} with {counted(holders, 'agent')}{overdue}")
        lines += [f"{waiting[state]:,} {words}" for state, words in NOBODYS.items() if waiting[state]]
        lines.append(ran(last_sweep, now))
    steps: Steps = []
    if not any_lead:
        steps += [("leadrouter import leads.csv", "deals out the leads of a file"), ROUTE]
    elif is_late(last_sweep, now):
        steps.append(("leadrouter reclaim", "carries out what is due; let cron do it"))
    if late:
        agent, most = late.most_common(1)[0]
        steps.append((f"leadrouter open --agent {agent}", f"{most:,} overdue with {named(policy, agent)}"))
    if asked:
        row = asked[0].state
        steps.append((f"leadrouter request {row.lead} --approve", f"{named(policy, row.requested_by)} asks for it"))
    if waiting["pooled"]:
        steps.append(("leadrouter pool", "lists what anybody may claim"))
    if touches:
        steps.append(("leadrouter due", f"{counted(touches, 'lead')} in nurture to be touched"))
    if any_lead:
        steps.append(("leadrouter report monthly", "is the month so far"))
    return [*lines, "", *_listed("next", steps), "", MORE]


ROUTE = ('leadrouter route --name "Dewi Lim" --phone "+60 12-345 6789"', "deals out one")

PRETENDED = "this moment is pretended; by the clock again with: unset LEADROUTER_NOW"

NOBODYS = {
    "unassigned": "could not be assigned; each sweep tries again",
    "held": "held until the team opens",
    "pooled": "in the pool",
    "incubating": "in nurture",
}
"""State -> what is said of its leads, which nobody holds."""


LONGEST = 40
"""What a longer command is for stands under it, not beside it."""


def _listed(title: str, steps: Steps) -> list[str]:
    width = max((len(command) for command, _ in steps if len(command) <= LONGEST), default=0)
    lines = [f"{title}:"]
    for command, purpose in steps:
        beside = [f"  {command:<{width}}  {purpose}"]
        lines += beside if len(command) <= LONGEST else [f"  {command}", f"  {'':<{width}}  {purpose}"]
    return lines
