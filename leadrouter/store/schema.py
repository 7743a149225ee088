"""The migrations, in their order, that bring a file up to what this program reads and writes.

Each is a text to read, the longer ones in modules of their own, from `first_schema` on. A released migration is never
edited; a new one is added below with its test. sqlite_utils and those modules are imported only when
`PRAGMA user_version` says that there is something to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from leadrouter.errors import LeadrouterError

if TYPE_CHECKING:
    from sqlite_utils import Database

VERSION = 10
"""`PRAGMA user_version` of a file that this program has brought up to date."""

APPLICATION_ID = 0x4C454144
"""`PRAGMA application_id`: "LEAD". Tells our files from other people's databases."""

CLOCKS = """
-- More clocks for a lead: offers, escalation, conversion, holding.
ALTER TABLE leads ADD COLUMN conversion_at TEXT;       -- when the clock of conversion started
ALTER TABLE leads ADD COLUMN hold_at TEXT;             -- when the clock of holding started
ALTER TABLE leads ADD COLUMN offers INTEGER NOT NULL DEFAULT 0;    -- since it was last taken back
ALTER TABLE leads ADD COLUMN declined TEXT;            -- JSON list of agents who did not accept it
ALTER TABLE leads ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0; -- the latest step done, in seconds after clock_at
ALTER TABLE leads ADD COLUMN extended INTEGER NOT NULL DEFAULT 0;  -- seconds added to holding it
ALTER TABLE leads ADD COLUMN promise_missed INTEGER NOT NULL DEFAULT 0 CHECK (promise_missed IN (0, 1));
ALTER TABLE leads ADD COLUMN requested_by TEXT REFERENCES agents (agent);
ALTER TABLE leads ADD COLUMN told_at TEXT;             -- when the leader last heard of it
ALTER TABLE leads ADD COLUMN waits_as TEXT NOT NULL DEFAULT '';    -- the occasion it is tried again on
ALTER TABLE agents ADD COLUMN misses TEXT NOT NULL DEFAULT '[]';     -- JSON, UTC moments of promises broken lately
ALTER TABLE agents ADD COLUMN offline_since TEXT;      -- taken offline after broken promises
ALTER TABLE agents ADD COLUMN claim_day TEXT NOT NULL DEFAULT '';    -- local date that claims belongs to
ALTER TABLE agents ADD COLUMN claims INTEGER NOT NULL DEFAULT 0;     -- leads taken from the pool
ALTER TABLE agents ADD COLUMN complaints TEXT NOT NULL DEFAULT '[]'; -- JSON, events of those nobody answered yet
DROP INDEX leads_due;
CREATE INDEX leads_due ON leads (due_at, lead)
  WHERE state IN ('appointment', 'assigned', 'contacted', 'offered', 'qualifying');
DROP INDEX leads_open;           -- a query finds a partial index by the very order of its words
CREATE INDEX leads_open ON leads (agent)
  WHERE state IN ('appointment', 'assigned', 'contacted', 'offered', 'qualifying');
CREATE INDEX leads_waiting ON leads (state, due_at)
  WHERE state IN ('unassigned', 'held', 'pooled', 'incubating');
CREATE INDEX leads_requested ON leads (requested_by) WHERE requested_by IS NOT NULL;

-- When `reclaim` last ran: a fact about this machine, not about the leads, and no event.
CREATE TABLE sweeps (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL) STRICT;

DROP VIEW distribution_by_month;
CREATE VIEW distribution_by_month AS
  SELECT month, agent, sum(CASE
      WHEN what IN ('received', 'reopened', 'transferred_in', 'rested', 'claimed', 'relationship', 'requested')
        THEN count
      WHEN what IN ('voided', 'returned', 'transferred_out', 'released', 'declined', 'expired') THEN -count
      ELSE 0 END) AS received
  FROM tallies WHERE agent <> '' GROUP BY month, agent;
"""

OUTCOMES = """
-- Which event came of a row of `record`, found by its content: the same row again changes nothing.
CREATE TABLE recorded (digest BLOB PRIMARY KEY, event INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

TIERS = """
-- What reviews of results left at the agents.
ALTER TABLE agents ADD COLUMN tier TEXT CHECK (tier IN ('A', 'B', 'C'));  -- applied; NULL: the policy's
ALTER TABLE agents ADD COLUMN skill INTEGER;           -- shrunk index of the latest review, in thousandths
ALTER TABLE agents ADD COLUMN reviewed_at TEXT;
ALTER TABLE agents ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';   -- JSON [[tier, finding, verdict], ...]
"""

NOTICES = """
-- The outbox: what people are to be told, and whether they were. Written in the transaction of the event it tells of.
-- Ids and codes alone: no word of a lead, no address, no secret. Work to do, not a projection: the chain says what
-- happened, these rows what became of telling it.
CREATE TABLE notices (
  notice INTEGER PRIMARY KEY,
  about TEXT NOT NULL,           -- number of the event, or digest/2026-11-22, report/2026-10, undelivered/...
  person TEXT NOT NULL,          -- an agent, or @leader, @team, @last_resort
  channel TEXT NOT NULL,         -- its name: ntfy, mailto-2
  kind TEXT NOT NULL,            -- offer, assignment, ...
  made_at TEXT NOT NULL,
  event INTEGER REFERENCES events (seq),
  lead INTEGER REFERENCES leads (lead),
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'overtaken', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  try_at TEXT,                   -- when it is tried next; while one process delivers it, when another may
  delivered_at TEXT,
  trouble TEXT,                  -- code of what went wrong last
  UNIQUE (about, person, channel)
) STRICT;
CREATE INDEX notices_waiting ON notices (try_at, notice) WHERE state = 'waiting';
CREATE INDEX notices_dead ON notices (notice) WHERE state = 'dead';
CREATE INDEX notices_delivered ON notices (made_at) WHERE state = 'delivered';

-- Until when a process that `route` or `import` started delivers: meanwhile the next one need not start another.
CREATE TABLE deliveries (one INTEGER PRIMARY KEY CHECK (one = 1), until TEXT NOT NULL) STRICT;
"""


def migrate(connection: sqlite3.Connection) -> bool:
    """Brings the file up to date. The caller holds the write lock; all of it or none is in the file afterwards.

    Foreign keys must be off, since tables are rebuilt; they are checked at the end. Returns whether there was
    something in it before, whose projections must be made anew.
    """
    from sqlite_utils import Database, Migrations

    from leadrouter.store.first_schema import FIRST
    from leadrouter.store.inside_schema import INSIDE
    from leadrouter.store.layout_schema import LAYOUT
    from leadrouter.store.privacy_schema import PRIVACY
    from leadrouter.store.report_schema import FIGURES, REPORTS

    used = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None

    migrations = Migrations("leadrouter")

    for name, script in {
        "m001_first": FIRST,
        "m002_clocks": CLOCKS,
        "m003_outcomes": OUTCOMES,
        "m004_tiers": TIERS,
        "m005_inside_sales": INSIDE,
        "m006_notices": NOTICES,
        "m007_reports": REPORTS,
        "m008_layout": LAYOUT,
        "m009_privacy": PRIVACY,
        "m010_figures": FIGURES,
    }.items():
        migrations(name=name)(_running(script))

    migrations.apply(Database(connection, execute_plugins=False))
    torn = connection.execute("PRAGMA foreign_key_check").fetchone()
    if torn is not None:
        raise LeadrouterError(f"a row of {torn[0]} names a row of {torn[2]} that is not there", "restore a backup")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    return used


def _running(script: str) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        rebuilds = "RENAME TO" in script
        views = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'").fetchall() if rebuilds else []
        for name, _ in views:  # a view on it would keep a table from being replaced
            db.execute(f"DROP VIEW {name}")
        for statement in statements(script):
            db.execute(statement)
        for name, view in views:
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (name,)).fetchone() is None:
                db.execute(view)

    return run


def statements(script: str) -> list[str]:
    """The single statements of a script: `executescript` would commit, and the caller's transaction with it."""
    found, rest = [], ""
    for line in script.splitlines(keepends=True):
        rest += line
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return found
