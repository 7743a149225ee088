"""The configuration that `init` writes: a small one to begin with, and one that shows every key.

Text for people, so it is kept as text; tests hold it to the schema and to the defaults of `domain.policy`.
"""

from __future__ import annotations

SCHEMA_FILE = "leadrouter.schema.json"
"""The name under which `init` writes the JSON Schema beside a configuration."""

LINE = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
"""What tells an editor where the schema of a file is."""

_SMALL = """\
# Who gets the next lead. Check this file with `leadrouter check`, put it in force with `leadrouter load`.
# Whatever is not written has a sensible default.
team:
  name: Our team
  # timezone: Asia/Kuala_Lumpur       # without it, times are UTC
  # region: MY                        # the country of phone numbers without a country code
  # leader: aina                      # who is told about late leads

agents:                               # they take turns in this order
  - Aina
  - Bala
  - Chong
  # - {name: Devi, joined: 2026-03-01, per_day: 6, time_off: [2026-12-20..2026-12-31]}

# rules:                              # the first match wins; the last one has no `when`
#   - {name: portal, when: {source: portal}, to: {agents: [aina, bala]}}
#   - {name: everyone, to: all}

sla: {hot: 15m, warm: 2h, cold: 24h}  # the first contact is promised within
"""

_FULL = """\
# Every key that leadrouter knows, with its default. Keep what you change and delete the rest.
# Check this file with `leadrouter check`, put it in force with `leadrouter load`.

team:
  name: Our team            # as it stands at the head of reports
  timezone: UTC             # such as Asia/Kuala_Lumpur; dates and the team's hours are read in it
  region: null              # such as MY: the country of phone numbers without a country code
  currency: null            # such as MYR; stands before amounts of money
  leader: null              # the id of the agent who is told about late leads
  hours: always             # such as "Mon-Fri 09:00-18:00, Sat 10:00-14:00"; 20:00-02:00 runs past midnight
  holidays: []              # such as [2026-12-25, 2026-12-31..2027-01-01]; the team is closed
  order: roster             # the order of turns: roster, experience, or random, drawn once from the seed
  seed: leadrouter          # any text; another seed gives another draw
  capacity: 15              # open leads at a time, for each agent without a capacity of their own
  per_day: off              # leads a day, likewise
  per_hour: off             # leads an hour, likewise

agents:                     # a name alone is enough; they take turns in this order
  - name: Aina
    id: aina                # made from the name if it is left out
    role: agent             # agent, isa (inside sales) or leader
    groups: []              # such as [fast]; rules name groups
    specialties: []         # such as [buyer, luxury]
    sources: []             # such as [portal]
    languages: []           # such as [ms, en]
    territories: []         # such as [westside]; defined under `territories`
    channels: []            # such as [whatsapp, phone]
    price: null             # the prices they serve, such as 500000-2000000, ">= 2000000" or "<= 900000"
    tier: null              # A, B or C, for strategy: performance; without one, C
    experience: null        # in years
    base: null              # such as {lat: 3.13, lon: 101.67}, for prefer: nearest
    weight: 1               # 2, 1.5 or 1/3 of a normal share
    capacity: 15            # open leads at a time; the team's, if it is left out
    per_day: off            # leads a day, likewise
    per_hour: off           # leads an hour, likewise
    hours: always           # working hours; outside them the agent is skipped
    timezone: null          # the team's, if it is left out
    joined: null            # such as 2026-03-01; a new agent begins with the weights of ramp_up
    left: null              # the first day on which the agent gets no more leads
    time_off: []            # such as [2026-12-20..2026-12-31]; skipped meanwhile
    cover: null             # who takes over meanwhile, where time_off.open_leads is cover
    notify: []              # channels, such as ["ntfy://${NTFY_TOKEN}@ntfy.sh/aina"]; ${NAME}: environment
    quiet: off              # such as 22:00-07:00: told afterwards
    digest: off             # such as 08:00: open leads, once a day
  - Bala
  - Chong

territories:                # which agents and rules may name
  # westside: {postcodes: ["50480", "501*", "59000-59200"], areas: [Bangsar, Mont Kiara]}
  # harbour: {circle: {lat: 3.00, lon: 101.40, km: 5}}

quality:                    # the first that matches, if the lead does not come with one; otherwise warm
  # hot: {any: [{source: [paid_ad]}, {timeframe: [now, asap]}]}
  # cold: {source: [old_database]}

rules:                      # the first match wins
  # - name: luxury
  #   when: {price: ">= 2000000", source: [portal, website], postcode: ["50480", "501*", "59000-59200"]}
  #   to: {specialty: luxury}
  #   else: everyone
  - name: everyone          # what explain and reports call it
    # when:                 # conditions, all of which must hold; the last rule has none
    to: all                 # all, or one of {group: x} {role: x} {agents: [x]} {specialty: x}
                            # {source: x} {language: x} {territory: x} {tier: x}
    then: assign            # or pool, qualify (by an isa, who hands off), hold (until opening), incubate
    strategy: round_robin   # who of them: also weighted, performance, specialty, source_specialist,
                            # territory, language, fastest, hunt_group, least_busy, random
    prefer: [relationship]  # also requested, language, specialty, source, territory, features, channel, time,
                            # experience, nearest; in this order; or none
    overlap: turns          # where territories overlap; or last, who had the last lead there
    else: null              # a later rule, for when nobody here can take the lead
    rotation: null          # rules that name the same rotation share their turns

sla:                        # the first contact is promised within
  hot: 15m                  # for a hot lead
  warm: 2h                  # for a warm one
  cold: 24h                 # for a cold one
  target: 95%               # the share of leads for which the promise must be kept
  clock: always             # when this clock, acceptance and escalation run: also team_hours or agent_hours
  offline: off              # such as {misses: 3, within: 7d}: then the agent gets no more leads until `back`

acceptance: off             # or on: {hot: 5m, warm: 15m, cold: off, max_offers: 3, declined_costs_turn: yes}

escalation:                 # while nobody tried to reach the person; after: sla is at the promise; or off
  hot: [{after: sla, do: notify_leader}, {after: 30m, do: reassign}]    # do: also pool
  warm: [{after: sla, do: notify_leader}]   # likewise
  cold: [{after: sla, do: notify_leader}]   # likewise
  backup: null              # the rule that reassigned leads start from; without one, all rules again

reclaim:                    # when a lead is taken back
  no_contact: 72h           # without an attempt; or off
  attempts: {count: 3, within: 7d}        # fewer of them while the person was not reached; or off
  no_conversion: 14d        # after contact; or off
  hold: {hot: 30d, warm: 45d, cold: 60d}  # held for longer; each or all of it may be off
  max_hops: 3               # after that many moves it rests
  reminder: 7d              # how often the leader hears of a lead that rests

time_off:                   # what becomes of open leads
  open_leads: keep          # of agents on time off, those due before the return: cover, rotate, pool or keep

notify:                     # telling people; with: pip install 'leadrouter[notify]'
  leader: []                # channels of the leader, if not the agent's own
  team: []                  # channels that everybody reads: no names and contacts in them, unless public: no
                            # or such as {url: "slack://${SLACK}", public: no, only: [pool, month_end]}
  last_resort: leader       # who hears of what could not be delivered: leader, channels, or off
  quiet: off                # of every agent without quiet hours of their own
  digest: off               # likewise
  urgent: none              # kinds that are told in quiet hours too, such as [offer, warning]
  warn: {hot: 5m, warm: 30m, cold: 2h}    # before a promised first contact is missed; each or all: off
  month_end: 08:00          # on the first of the month the team gets the report; or off
  attempts: 6               # with growing pauses; then it is given up
  templates: {}             # your own words, such as {offer: {title: "Lead {lead}", text: "by {due}"}}

ramp_up:                    # the weight of a new agent, times; or off
  - {until_day: 15, weight: 1/3}
  - {until_day: 30, weight: 1/2}

probation:                  # until both are over, an agent turns in a tier of their own under performance
  days: 60                  # since joining
  leads: 50                 # dealt to the agent

tiers:                      # by results, compared with what the team wins from the same mix of leads
  A: 30%                    # the conversion rate from which a tier begins; C is below B
  B: 20%                    # likewise
  shares: {A: 40, B: 35, C: 25}   # of the leads that strategy: performance deals, in percent
  review: quarterly         # also monthly, half_yearly, yearly
  confidence: 80%           # how probable it must be that the true rate is beyond a mark
  promote: {A: {at: 30%, reviews: 2}, B: {at: 22%, reviews: 2}}   # reviews in a row, also to fall out
  adjust_for: [source, quality]   # what leads are compared by; also territory; or nothing
  leads: 50                 # a review reads so many mature leads of an agent at least, however old
  within: 365d              # and all that came in within this time
  mature: 80%               # a lead is mature at the age by which this share of the wins had come

pledge:                     # who promised to be quick
  group: eteam              # the agents who pledged fast first contact

relationship:               # a lead that goes back to the agent who knows the person
  counts_as_turn: yes       # whether it takes that agent's turn

pool:                       # leads that agents take themselves
  claim_within: 24h         # then the lead is dealt
  unclaimed: null           # by this rule; without one, by the first that fits and does not pool
  per_agent_per_day: 3      # claims; or off
  counts_as_turn: no        # whether a claim takes the agent's turn
  blind: no                 # yes: no names and contacts before the claim

backlog:                    # leads that waited
  order: fifo               # who waited longest first; or lifo, or hottest_first
  per_hour: off             # at most so many of them an hour

isa:                        # inside sales agents, who qualify where a rule says then: qualify
  sla: null                 # their own promise of the first contact, such as {hot: 5m, warm: 30m, cold: 4h}
  capacity: 15              # open leads at a time, for each isa without a capacity of their own
  per_day: off              # leads a day, likewise
  per_hour: off             # leads an hour, likewise

handoff:                    # what an isa must know before handing off, by intent; each or all may be off
  buyer: [income verified, pre-approved, timeline, neighbourhoods]     # where the intent is buyer
  seller: [valuation, timeline, motivation, condition]                      # where it is seller

incubation:                 # leads in nurture, until they are ready
  next_touch: 14d           # an incubated lead is due again after that, unless somebody chose a date
  inquiry_wakes: yes        # whoever asks again is ready, and the lead is dealt as hot
  fee: off                  # what the winner owes the house: an amount such as 500, or 25% of the commission
  split: off                # or the agent's part of the commission and the house's, such as 60/40
  commission: 100%          # how much of a recorded deal value is commission

retention:                  # how long what a person said is kept; reports keep counting the lead
  closed: off               # after the lead was won, lost or void, such as 3y; `reclaim` then erases it

presets:                    # files of systems that leadrouter does not know by itself
  # my_portal:              # a name of your own, for --preset
  #   found_by: [Enquiry No, Portal Ref]          # a file with all of these; else only by --preset
  #   columns: {Enquiry No: external_id, Buyer: name, Contact: phone, Stage: state, Portal Ref: ignore}
  #   ids: enquiry          # what an id numbers; or person, whose id comes again with each enquiry
  #   words: {state: {Keys handed over: won}, source: {PP: portal}}   # what its cells say -> what you say
  #   prefixes: {Enquiry No: "ENQ-"}              # letters that stand before its cells
  #   test_rows: {Buyer: test}                    # rows to drop; "*" is any column
  #   dates: dmy            # or mdy or ymd, where a file's dates do not tell
"""


def starter_text(full: bool = False) -> str:
    """A commented configuration that loads as it is."""
    return LINE + (_FULL if full else _SMALL)
