"""The schema of reports as a text to read: indexes by which a month is found, and views in words of the trade.

A part of `schema`, with its rules. Views hold no name and no contact of a person. Their months are those of UTC, save
in what is made of `tallies`, which are counted by the team's own months.
"""

from __future__ import annotations

REPORTS = """
-- A month's offers, reclaims or complaints are found by their kind, and counted without being read.
DROP INDEX events_by_time;
CREATE INDEX events_by_kind ON events (kind, at) WHERE kind NOT IN ('assigned', 'panel', 'balance');
CREATE INDEX leads_won ON leads (closed_at) WHERE state = 'won';  -- how long the latest sales took

-- Who is on the roster of the policy in force.
CREATE VIEW team AS
  SELECT json_extract(entry.value, '$.id') AS agent, json_extract(entry.value, '$.name') AS name,
    json_extract(entry.value, '$.role') AS role, json_extract(entry.value, '$.capacity') AS capacity
  FROM policies, json_each(policies.policy, '$.agents') AS entry
  WHERE policies.version = (SELECT max(version) FROM policies);

-- Every lead that an agent has now; hours since they got it, and whether its next clock has run out.
DROP VIEW open_leads;
CREATE VIEW open_leads AS
  SELECT lead, external_id, state, leads.agent, coalesce(team.name, leads.agent) AS agent_name, quality, source,
    received_at, assigned_at, contacted_at, due_at,
    round((unixepoch() - unixepoch(assigned_at)) / 3600.0, 1) AS hours,
    coalesce(due_at < strftime('%Y-%m-%dT%H:%M:%SZ'), 0) AS overdue
  FROM leads LEFT JOIN team ON team.agent = leads.agent
  WHERE state IN ('appointment', 'assigned', 'contacted', 'offered', 'qualifying');

-- Every lead that nobody has now, and why.
CREATE VIEW waiting_leads AS
  SELECT lead, external_id, state, quality, source, reason, received_at, clock_at AS waiting_since, due_at
  FROM leads WHERE state IN ('unassigned', 'held', 'pooled', 'incubating');

-- What became of the leads that came in during a month. A young month is still growing.
CREATE VIEW leads_by_month AS
  SELECT substr(received_at, 1, 7) AS month, count(*) AS leads, sum(state = 'won') AS won, sum(state = 'lost') AS lost,
    sum(state = 'void') AS void, sum(state NOT IN ('won', 'lost', 'void')) AS still_open,
    round(1.0 * sum(state = 'won') / nullif(sum(state <> 'void'), 0), 4) AS rate
  FROM leads GROUP BY 1;

-- What was closed in a month, whenever it came in.
CREATE VIEW closings_by_month AS
  SELECT substr(closed_at, 1, 7) AS month, agent, sum(state = 'won') AS won, sum(state = 'lost') AS lost,
    sum(state = 'void') AS void, coalesce(sum(value) FILTER (WHERE state = 'won'), 0.0) AS value
  FROM leads WHERE closed_at IS NOT NULL GROUP BY 1, 2;

-- Conversion of all leads so far; void ones are no leads.
DROP VIEW conversion_by_source;
CREATE VIEW conversion_by_source AS
  SELECT coalesce(source, '(none)') AS source, count(*) AS leads, sum(state = 'won') AS won,
    round(1.0 * sum(state = 'won') / count(*), 4) AS rate, sum(cost) AS cost,
    round(sum(cost) / nullif(count(cost), 0), 2) AS cost_per_lead,
    round(sum(cost) / nullif(sum(state = 'won' AND cost IS NOT NULL), 0), 2) AS cost_per_win
  FROM leads WHERE state <> 'void' GROUP BY 1;
CREATE VIEW conversion_by_quality AS
  SELECT quality, count(*) AS leads, sum(state = 'won') AS won, round(1.0 * sum(state = 'won') / count(*), 4) AS rate
  FROM leads WHERE state <> 'void' GROUP BY 1;
CREATE VIEW conversion_by_rule AS
  SELECT coalesce(rule, '(none)') AS rule, count(*) AS leads, sum(state = 'won') AS won,
    round(1.0 * sum(state = 'won') / count(*), 4) AS rate
  FROM leads WHERE state <> 'void' GROUP BY 1;

-- A lead counts for every agent who had it, its sale for the last.
CREATE VIEW conversion_by_agent AS
  WITH held (agent, won) AS (
    SELECT agent, state = 'won' FROM leads WHERE state <> 'void' AND agent IS NOT NULL
    UNION ALL
    SELECT earlier.value, 0 FROM leads, json_each(leads.past_holders) AS earlier
    WHERE state <> 'void' AND earlier.value IS NOT leads.agent
  )
  SELECT agent, count(*) AS leads, sum(won) AS won, round(1.0 * sum(won) / count(*), 4) AS rate
  FROM held GROUP BY 1;

-- How soon the present holder, or the last, first tried to reach the person.
CREATE VIEW first_contacts AS
  SELECT lead, agent, quality, source, assigned_at, attempted_at,
    round((unixepoch(attempted_at) - unixepoch(assigned_at)) / 60.0, 1) AS minutes,
    round((unixepoch(contacted_at) - unixepoch(received_at)) / 60.0, 1) AS minutes_since_receipt
  FROM leads WHERE attempted_at IS NOT NULL AND assigned_at IS NOT NULL;

-- Leads that were taken back: from whom, and which clock had run out.
CREATE VIEW reclaims AS
  SELECT seq AS event, at, lead, agent, json_extract(data, '$.reason') AS reason
  FROM events WHERE kind NOT IN ('assigned', 'panel', 'balance') AND kind = 'reclaimed';

-- What agents complained of (the words are in `notes`), and when it was answered.
CREATE VIEW complaints AS
  SELECT made.seq AS event, made.at, made.agent, answer.at AS answered_at
  FROM events AS made
  LEFT JOIN events AS answer ON answer.kind NOT IN ('assigned', 'panel', 'balance')
    AND answer.kind = 'complaint_answered' AND json_extract(answer.data, '$.complaint') = made.seq
  WHERE made.kind NOT IN ('assigned', 'panel', 'balance') AND made.kind = 'complained';

-- How satisfied people were with an agent, 1 to 5.
CREATE VIEW satisfaction_by_month AS
  SELECT month, agent, sum(count) AS ratings, round(1.0 * sum(count * substr(what, 7)) / sum(count), 2) AS mean
  FROM tallies WHERE what LIKE 'rated _' GROUP BY 1, 2;
"""

FIGURES = """
-- Who had a lead as reports count it: an offer is not having it, and an isa who handed it off had it. Void ones are no
-- leads; a sale counts for the last who had it.
DROP VIEW conversion_by_agent;
CREATE VIEW conversion_by_agent AS
  WITH had (lead, agent) AS (
    SELECT lead, agent FROM leads WHERE agent IS NOT NULL AND state NOT IN ('void', 'offered')
    UNION SELECT lead, isa FROM leads WHERE isa IS NOT NULL AND state <> 'void'
    UNION SELECT lead, earlier.value FROM leads, json_each(past_holders) AS earlier WHERE state <> 'void'
  )
  SELECT had.agent, count(*) AS leads, sum(state = 'won' AND leads.agent IS had.agent) AS won,
    round(1.0 * sum(state = 'won' AND leads.agent IS had.agent) / count(*), 4) AS rate
  FROM had JOIN leads USING (lead) GROUP BY 1;

-- How soon the present holder, or the last, first tried to reach the person, as reports measure it: void leads promised
-- nothing, of past ones it is not known, and nothing took less than no time where a clock was set back.
DROP VIEW first_contacts;
CREATE VIEW first_contacts AS
  SELECT lead, agent, quality, source, assigned_at, attempted_at,
    round(max(0, unixepoch(attempted_at) - unixepoch(assigned_at)) / 60.0, 1) AS minutes,
    round(max(0, unixepoch(attempted_at) - unixepoch(received_at)) / 60.0, 1) AS minutes_since_receipt
  FROM leads
  WHERE attempted_at IS NOT NULL AND assigned_at IS NOT NULL AND state <> 'void' AND reason IS NOT 'past';
"""
"""The two views above that counted otherwise than the reports do."""
