"""The schema of erasing people as a text to read: who was forgotten, who is not to come back, where copies lie.

A part of `schema`, with its rules.
"""

from __future__ import annotations

PRIVACY = """
-- Since when nothing of the person is kept. Of the facts there stay the source, the cost, the moment and a place in the
-- same territories, which reports count by; the event `forgotten` committed to them anew.
ALTER TABLE leads ADD COLUMN forgotten_at TEXT;

-- Closed leads by how long they have been: what retention asks for. Of past ones the day of closing may be unknown.
CREATE INDEX leads_kept ON leads (coalesce(closed_at, received_at))
  WHERE state <> 'assigned' AND state IN ('lost', 'void', 'won') AND forgotten_at IS NULL;

-- Who asked to be forgotten and is not to be recorded again: salted hashes, which compare as the words did. The event
-- of the erasure commits to the entries of its lead with `salt`; taking somebody off deletes both.
CREATE TABLE suppressed (
  entry INTEGER PRIMARY KEY,
  event INTEGER NOT NULL REFERENCES events (seq) DEFERRABLE INITIALLY DEFERRED,
  lead INTEGER NOT NULL REFERENCES leads (lead),
  external_id TEXT,
  name TEXT,                     -- of phone and name together
  email TEXT,
  phone TEXT,
  salt BLOB NOT NULL
) STRICT;
CREATE INDEX suppressed_by_external_id ON suppressed (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX suppressed_by_email ON suppressed (email) WHERE email IS NOT NULL;
CREATE INDEX suppressed_by_phone ON suppressed (phone) WHERE phone IS NOT NULL;

-- The salt of those hashes, drawn once for each file.
CREATE TABLE suppression (one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL) STRICT;
INSERT INTO suppression VALUES (1, randomblob(16));

-- Files outside of this one that hold people in the clear: `forget` names them, for nobody else can erase there.
CREATE TABLE copies (
  path TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('rejects', 'backup')),
  at TEXT NOT NULL               -- when it was last written
) STRICT, WITHOUT ROWID;

-- Since when erased bytes may still lie in this file or its log: until `scrub` has written it anew.
CREATE TABLE unscrubbed (one INTEGER PRIMARY KEY CHECK (one = 1), since TEXT NOT NULL) STRICT;
"""
