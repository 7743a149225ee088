"""The schema as a text to read, and the migrations that bring an older file up to it.

A released migration is never edited; a new one is added below with its test. sqlite_utils is imported only
when `PRAGMA user_version` says that there is something to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from leadrouter.errors import LeadrouterError

if TYPE_CHECKING:
    from sqlite_utils import Database

VERSION = 9
"""`PRAGMA user_version` of a file that this program has brought up to date."""

APPLICATION_ID = 0x4C454144
"""`PRAGMA application_id`: "LEAD". Tells our files from other people's databases."""

FIRST = """
-- Every policy that was ever in force. `policy` is the JSON that routes, `text` the file as the broker wrote it.
CREATE TABLE policies (
  version INTEGER PRIMARY KEY,
  loaded_at TEXT NOT NULL,
  sha256 TEXT NOT NULL,          -- of `policy` and `text`; also in the chain
  policy TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;

-- Everyone who was ever on the roster, and their share of the desk (a projection of the events).
CREATE TABLE agents (
  agent TEXT PRIMARY KEY,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  joined TEXT,                   -- date; NULL: present at the first load
  open INTEGER NOT NULL,         -- open leads held now
  day TEXT NOT NULL,             -- local date that day_count belongs to
  day_count INTEGER NOT NULL,
  hour TEXT NOT NULL,            -- local hour that hour_count belongs to
  hour_count INTEGER NOT NULL,
  last_lead INTEGER NOT NULL,    -- number of the event that brought the latest lead
  leads INTEGER NOT NULL,        -- leads that ever reached them
  contacts TEXT NOT NULL,        -- JSON, seconds to first contact of the latest leads
  absences TEXT NOT NULL         -- JSON [[from, until], ...], until NULL: until they come back
) STRICT, WITHOUT ROWID;

-- The leads: the facts a person gave (up to `digest`), then where the lead is (a projection of the events).
CREATE TABLE leads (
  lead INTEGER PRIMARY KEY,
  external_id TEXT, name TEXT, email TEXT, phone TEXT, source TEXT, campaign TEXT, cost REAL, intent TEXT,
  property_type TEXT, price REAL, postcode TEXT, area TEXT, lat REAL, lon REAL, language TEXT, timeframe TEXT,
  given_quality TEXT,            -- as it came with the lead; `quality` is what the policy made of it
  tags TEXT, features TEXT, preferred_channel TEXT, preferred_time TEXT, message TEXT,
  received_at TEXT NOT NULL,     -- UTC
  requested_agent TEXT,
  custom TEXT,                   -- JSON object of the columns nobody recognised
  salt BLOB,                     -- the chain holds sha256(salt + facts)
  digest BLOB,                   -- content of all cells, where there was no external id
  state TEXT NOT NULL CHECK (state IN ('received', 'held', 'qualifying', 'incubating', 'pooled', 'offered', 'assigned',
    'unassigned', 'contacted', 'appointment', 'won', 'lost', 'void')),
  agent TEXT REFERENCES agents (agent),
  quality TEXT NOT NULL CHECK (quality IN ('hot', 'warm', 'cold')),
  rule TEXT,
  reason TEXT,                   -- code of the latest decision
  assigned_at TEXT,              -- when the present holder got it
  clock_at TEXT,                 -- when the running clock started
  attempts INTEGER NOT NULL,     -- contact attempts by the present holder
  attempted_at TEXT,             -- their first attempt
  reached_at TEXT,               -- when they first reached the person
  contacted_at TEXT,             -- the first attempt by anybody
  closed_at TEXT,
  value REAL,
  hops INTEGER NOT NULL,         -- how often it was reclaimed
  past_holders TEXT,             -- JSON list of agents, oldest first
  excluded TEXT,                 -- JSON list of those who lost it to a reclaim
  inquiries INTEGER NOT NULL,
  turn_panel INTEGER NOT NULL,   -- event number of the panel whose turn this lead took, 0: none
  turn_payer TEXT,
  turn_tier TEXT,                -- the tier whose turn it was, where tiers share the leads
  waits_for INTEGER NOT NULL,    -- event number of the panel that could not take it, 0: none
  resting INTEGER NOT NULL CHECK (resting IN (0, 1)),
  holder_left_at TEXT,
  due_at TEXT                    -- when the next clock strikes
) STRICT;
CREATE INDEX leads_by_external_id ON leads (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX leads_by_digest ON leads (digest) WHERE digest IS NOT NULL;
CREATE INDEX leads_by_email ON leads (email) WHERE email IS NOT NULL;
CREATE INDEX leads_by_phone ON leads (phone) WHERE phone IS NOT NULL;
CREATE INDEX leads_by_received ON leads (received_at);
CREATE INDEX leads_due ON leads (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX leads_open ON leads (agent)
  WHERE state IN ('offered', 'assigned', 'contacted', 'appointment', 'qualifying');
CREATE INDEX leads_closed ON leads (closed_at) WHERE closed_at IS NOT NULL;

-- A known person asked again while their lead was open. `facts` is a JSON array of the row's facts.
CREATE TABLE inquiries (
  inquiry INTEGER PRIMARY KEY,
  lead INTEGER NOT NULL REFERENCES leads (lead),
  event INTEGER NOT NULL UNIQUE,
  external_id TEXT,
  email TEXT,
  phone TEXT,
  digest BLOB,
  facts TEXT,
  salt BLOB
) STRICT;
CREATE INDEX inquiries_by_email ON inquiries (email) WHERE email IS NOT NULL;
CREATE INDEX inquiries_by_phone ON inquiries (phone) WHERE phone IS NOT NULL;
CREATE INDEX inquiries_by_external_id ON inquiries (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX inquiries_by_digest ON inquiries (digest) WHERE digest IS NOT NULL;
CREATE INDEX inquiries_by_lead ON inquiries (lead);

-- Everything that happened, appended once. `data` holds words of the policy, numbers, times and ids; never a
-- lead's own text.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  lead INTEGER REFERENCES leads (lead),
  agent TEXT REFERENCES agents (agent),
  by TEXT NOT NULL,
  policy INTEGER NOT NULL REFERENCES policies (version),
  engine INTEGER NOT NULL,
  data TEXT NOT NULL,
  facts BLOB,                    -- sha256(salt + facts) of the lead at this event
  hash BLOB NOT NULL             -- sha256(hash of the event before + this row)
) STRICT;
CREATE INDEX events_by_lead ON events (lead) WHERE lead IS NOT NULL;
CREATE INDEX events_by_time ON events (at) WHERE kind NOT IN ('assigned', 'panel', 'balance');
CREATE TRIGGER events_are_only_appended BEFORE INSERT ON events
  WHEN NEW.seq <= (SELECT max(seq) FROM events)
  BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

-- The end of the chain, to compare and to notice when the last event is gone.
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;

-- Free text that people wrote beside an event (reasons); may be erased without breaking the chain.
CREATE TABLE notes (
  event INTEGER PRIMARY KEY REFERENCES events (seq),
  lead INTEGER REFERENCES leads (lead),
  text TEXT,
  salt BLOB                      -- the event holds sha256(salt + text)
) STRICT;
CREATE INDEX notes_by_lead ON notes (lead);

-- Which event recorded a line-up, found by its content.
CREATE TABLE panels (key BLOB PRIMARY KEY, panel INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The accounts of the ledger, in units of 1/720720000 lead (a projection of the events). In rotations whose name ends
-- in /tiers the accounts are those of the tiers.
CREATE TABLE rotations (
  rotation TEXT NOT NULL,
  agent TEXT NOT NULL,
  credit INTEGER NOT NULL,       -- what they are owed; the credits of a rotation sum to zero
  due INTEGER NOT NULL,          -- the sum of their shares
  received INTEGER NOT NULL,     -- in leads
  PRIMARY KEY (rotation, agent)
) STRICT, WITHOUT ROWID;

-- How often each panel dealt, by month and agent: all that the distribution audit needs (a projection of the events).
CREATE TABLE tallies (
  month TEXT NOT NULL,           -- of the team, as 2026-11
  panel INTEGER NOT NULL,
  agent TEXT NOT NULL,
  what TEXT NOT NULL,            -- received, voided, reopened, relationship, requested, ...
  count INTEGER NOT NULL,
  PRIMARY KEY (month, panel, agent, what)
) STRICT, WITHOUT ROWID;

-- Who had the last lead of a territory, where a rule deals by that (a projection of the events).
CREATE TABLE last_there (
  territory TEXT PRIMARY KEY,
  agent TEXT NOT NULL REFERENCES agents (agent)
) STRICT, WITHOUT ROWID;

-- Rotations that go on under another name since an event (a projection of the events).
CREATE TABLE renamings (event INTEGER PRIMARY KEY, before TEXT NOT NULL, after TEXT NOT NULL) STRICT;

-- How many leads of the backlog were dealt in the latest UTC hour (a projection of the events).
CREATE TABLE backlog (one INTEGER PRIMARY KEY CHECK (one = 1), hour TEXT NOT NULL, dealt INTEGER NOT NULL) STRICT;

CREATE VIEW open_leads AS
  SELECT lead, external_id, state, agent, quality, source, received_at, assigned_at, contacted_at, due_at
  FROM leads WHERE state IN ('offered', 'assigned', 'contacted', 'appointment', 'qualifying');

CREATE VIEW conversion_by_source AS
  SELECT coalesce(source, '(none)') AS source, count(*) AS leads, sum(state = 'won') AS won,
    round(1.0 * sum(state = 'won') / count(*), 4) AS rate
  FROM leads WHERE state <> 'void' GROUP BY 1;

CREATE VIEW distribution_by_month AS
  SELECT month, agent,
    sum(CASE WHEN what IN ('received', 'reopened', 'transferred_in', 'rested') THEN count
      WHEN what IN ('voided', 'transferred_out') THEN -count ELSE 0 END) AS received
  FROM tallies GROUP BY month, agent;
"""

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

    from leadrouter.store.inside_schema import INSIDE
    from leadrouter.store.layout_schema import LAYOUT
    from leadrouter.store.privacy_schema import PRIVACY
    from leadrouter.store.report_schema import REPORTS

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
