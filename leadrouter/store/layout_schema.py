"""The layout of the two large tables as a text to read: what it costs to add a row. A part of `schema`.

A row that an import adds is worth some microseconds, and most of them went into constraints that walk a list and into
values that are the same in nearly every row. So whatever is usual is left to its default and not given at all, a CHECK
asks for the usual value first, and a partial index first asks what excludes nearly every row. (A row of `leads`: 28 us
before, 9 us so; a row of `events`: 9 and 5.)
"""

from __future__ import annotations

LAYOUT = """
-- The leads: the facts a person gave (up to `digest`), then where the lead is (a projection of the events).
CREATE TABLE leads_anew (
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
  state TEXT NOT NULL DEFAULT 'received' CHECK (state = 'assigned' OR state IN ('received', 'held', 'qualifying',
    'incubating', 'pooled', 'offered', 'unassigned', 'contacted', 'appointment', 'won', 'lost', 'void')),
  agent TEXT REFERENCES agents (agent),
  quality TEXT NOT NULL DEFAULT 'warm' CHECK (quality = 'warm' OR quality = 'hot' OR quality = 'cold'),
  rule TEXT,
  reason TEXT,                   -- code of the latest decision
  assigned_at TEXT,              -- when the present holder got it
  clock_at TEXT,                 -- when the running clock started; NULL: as assigned_at
  attempts INTEGER NOT NULL DEFAULT 0,     -- contact attempts by the present holder
  attempted_at TEXT,             -- their first attempt
  reached_at TEXT,               -- when they first reached the person
  contacted_at TEXT,             -- the first attempt by anybody
  closed_at TEXT,
  value REAL,
  hops INTEGER NOT NULL DEFAULT 0,         -- how often it was reclaimed
  past_holders TEXT,             -- JSON list of agents, oldest first
  excluded TEXT,                 -- JSON list of those who lost it to a reclaim
  inquiries INTEGER NOT NULL DEFAULT 0,
  turn_panel INTEGER NOT NULL DEFAULT 0,   -- event number of the panel whose turn this lead took, 0: none
  turn_payer TEXT,
  turn_tier TEXT,                -- the tier whose turn it was, where tiers share the leads
  waits_for INTEGER NOT NULL DEFAULT 0,    -- event number of the panel that could not take it, 0: none
  resting INTEGER NOT NULL DEFAULT 0 CHECK (resting = 0 OR resting = 1),
  holder_left_at TEXT,
  due_at TEXT,                   -- when the next clock strikes
  conversion_at TEXT,            -- when the clock of conversion started
  hold_at TEXT,                  -- when the clock of holding started; NULL: as clock_at
  offers INTEGER NOT NULL DEFAULT 0,       -- since it was last taken back
  declined TEXT,                 -- JSON list of agents who did not accept it
  escalated INTEGER NOT NULL DEFAULT 0,    -- the latest step done, in seconds after clock_at
  extended INTEGER NOT NULL DEFAULT 0,     -- seconds added to holding it
  promise_missed INTEGER NOT NULL DEFAULT 0 CHECK (promise_missed = 0 OR promise_missed = 1),
  requested_by TEXT REFERENCES agents (agent),
  told_at TEXT,                  -- when the leader last heard of it
  waits_as TEXT NOT NULL DEFAULT '',       -- the occasion it is tried again on
  isa TEXT REFERENCES agents (agent),      -- who qualifies it, handed it off, or nurtures it
  handed_off_at TEXT,            -- NULL while the isa has it
  appointment_by TEXT REFERENCES agents (agent),  -- who arranged the one still ahead
  incubated_at TEXT,             -- when it last went into nurture
  touch_at TEXT,                 -- the date chosen for the next touch; NULL: by the cadence
  showed_intent INTEGER NOT NULL DEFAULT 0 CHECK (showed_intent = 0 OR showed_intent = 1)
) STRICT;
INSERT INTO leads_anew SELECT lead, external_id, name, email, phone, source, campaign, cost, intent, property_type,
  price, postcode, area, lat, lon, language, timeframe, given_quality, tags, features, preferred_channel,
  preferred_time, message, received_at, requested_agent, custom, salt, digest, state, agent, quality, rule, reason,
  assigned_at, nullif(clock_at, assigned_at), attempts, attempted_at, reached_at, contacted_at, closed_at, value, hops,
  past_holders, excluded, inquiries, turn_panel, turn_payer, turn_tier, waits_for, resting, holder_left_at, due_at,
  conversion_at, nullif(hold_at, clock_at), offers, declined, escalated, extended, promise_missed, requested_by,
  told_at, waits_as, isa, handed_off_at, appointment_by, incubated_at, touch_at, showed_intent FROM leads;
DROP TABLE leads;
ALTER TABLE leads_anew RENAME TO leads;
CREATE INDEX leads_by_external_id ON leads (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX leads_by_digest ON leads (digest) WHERE digest IS NOT NULL;
CREATE INDEX leads_by_email ON leads (email) WHERE email IS NOT NULL;
CREATE INDEX leads_by_phone ON leads (phone) WHERE phone IS NOT NULL;
CREATE INDEX leads_by_received ON leads (received_at);
CREATE INDEX leads_requested ON leads (requested_by) WHERE requested_by IS NOT NULL;
CREATE INDEX leads_closed ON leads (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX leads_won ON leads (closed_at) WHERE state = 'won';  -- how long the latest sales took

-- A query finds a partial index by the very words of its condition: `partial_indexes` has them.
CREATE INDEX leads_due ON leads (due_at, lead)
  WHERE (state = 'assigned' OR state IN ('appointment', 'contacted', 'offered', 'qualifying'));
CREATE INDEX leads_open ON leads (agent)
  WHERE (state = 'assigned' OR state IN ('appointment', 'contacted', 'offered', 'qualifying'));
CREATE INDEX leads_waiting ON leads (state, due_at)
  WHERE state <> 'assigned' AND state IN ('unassigned', 'held', 'pooled', 'incubating');
DROP INDEX events_by_kind;
CREATE INDEX events_by_kind ON events (kind, at) WHERE kind <> 'assigned' AND kind <> 'panel' AND kind <> 'balance';
DROP INDEX events_of_inside_sales;
CREATE INDEX events_of_inside_sales
  ON events (coalesce(CASE WHEN json_valid(data) THEN json_extract(data, '$.at') END, at))
  WHERE kind <> 'assigned'
    AND kind IN ('qualifying', 'transferred', 'claimed', 'appointment', 'handed_off', 'incubated');

-- Every lead that an agent has now; hours since they got it, and whether its next clock has run out.
CREATE VIEW open_leads AS
  SELECT lead, external_id, state, leads.agent, coalesce(team.name, leads.agent) AS agent_name, quality, source,
    received_at, assigned_at, contacted_at, due_at,
    round((unixepoch() - unixepoch(assigned_at)) / 3600.0, 1) AS hours,
    coalesce(due_at < strftime('%Y-%m-%dT%H:%M:%SZ'), 0) AS overdue
  FROM leads LEFT JOIN team ON team.agent = leads.agent
  WHERE (state = 'assigned' OR state IN ('appointment', 'contacted', 'offered', 'qualifying'));

-- Every lead that nobody has now, and why.
CREATE VIEW waiting_leads AS
  SELECT lead, external_id, state, quality, source, reason, received_at,
    coalesce(clock_at, assigned_at) AS waiting_since, due_at
  FROM leads WHERE state <> 'assigned' AND state IN ('unassigned', 'held', 'pooled', 'incubating');

-- Leads that were taken back: from whom, and which clock had run out.
CREATE VIEW reclaims AS
  SELECT seq AS event, at, lead, agent, json_extract(data, '$.reason') AS reason
  FROM events WHERE kind <> 'assigned' AND kind <> 'panel' AND kind <> 'balance' AND kind = 'reclaimed';

-- What agents complained of (the words are in `notes`), and when it was answered.
CREATE VIEW complaints AS
  SELECT made.seq AS event, made.at, made.agent, answer.at AS answered_at
  FROM events AS made
  LEFT JOIN events AS answer
    ON answer.kind <> 'assigned' AND answer.kind <> 'panel' AND answer.kind <> 'balance'
    AND answer.kind = 'complaint_answered' AND json_extract(answer.data, '$.complaint') = made.seq
  WHERE made.kind <> 'assigned' AND made.kind <> 'panel' AND made.kind <> 'balance' AND made.kind = 'complained';
"""
