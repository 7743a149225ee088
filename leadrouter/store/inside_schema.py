"""The schema of inside sales as a text to read: qualifying, handing off, nurture. A part of `schema`."""

from __future__ import annotations

INSIDE = """
-- A lead's way through inside sales.
ALTER TABLE leads ADD COLUMN isa TEXT REFERENCES agents (agent);  -- who qualifies it, handed it off, or nurtures it
ALTER TABLE leads ADD COLUMN handed_off_at TEXT;       -- NULL while the isa has it
ALTER TABLE leads ADD COLUMN appointment_by TEXT REFERENCES agents (agent);  -- who arranged the one still ahead
ALTER TABLE leads ADD COLUMN incubated_at TEXT;        -- when it last went into nurture
ALTER TABLE leads ADD COLUMN touch_at TEXT;            -- the date chosen for the next touch; NULL: by the cadence
ALTER TABLE leads ADD COLUMN showed_intent INTEGER NOT NULL DEFAULT 0 CHECK (showed_intent IN (0, 1));

-- What inside sales did, by when it really was, so that a month's report reads that month.
CREATE INDEX events_of_inside_sales
  ON events (coalesce(CASE WHEN json_valid(data) THEN json_extract(data, '$.at') END, at))
  WHERE kind IN ('qualifying', 'transferred', 'claimed', 'appointment', 'handed_off', 'incubated');
"""
