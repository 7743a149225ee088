"""The tables a file began with, as a text to read: policies, agents, leads, events, and what is made of them.

A part of `schema`, which says what came later; `layout_schema` wrote the two large tables anew.
"""

from __future__ import annotations

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
