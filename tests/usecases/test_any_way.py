"""Any way leads may take: random steps, sweeps, clock changes and policy edits, with the promises checked after each.

What always holds: one holder at most, the router fills nobody beyond their capacity, no open lead is without a
deadline, a second sweep at the same moment does nothing, a sweep takes one step for each lead however long nobody
swept, and the file proves itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leadrouter.domain.apply import apply
from leadrouter.domain.deadlines import Step, due
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import Event
from leadrouter.domain.policy import Policy, Rule, Target, Team
from leadrouter.domain.promises import (
    ASKING,
    DAY,
    HOUR,
    MINUTE,
    Acceptance,
    Attempts,
    Backlog,
    Escalation,
    EscalationStep,
    Hold,
    Incubation,
    Isa,
    Offline,
    Pool,
    Reclaim,
    Sla,
    TimeOff,
)
from leadrouter.domain.state import CLOSED, OPEN
from leadrouter.domain.telling import Channel, Notify, Warn
from leadrouter.errors import Refused, WrongUsage
from leadrouter.store import desks
from leadrouter.usecases.complaints import answer, complain
from leadrouter.usecases.drafts import DECLINE_REASONS
from leadrouter.usecases.roster import come_back, go_away
from tests.factories import make_agent, make_policy
from tests.usecases.house import House

BEFORE_CLOCK_CHANGES = {
    "Europe/Madrid": (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 21, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 7, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),
    "Asia/Kuala_Lumpur": (datetime(2026, 3, 2, 1, tzinfo=UTC),),
}
"""Zone -> moments a few hours before its clocks change, where they do."""

OFFICE_HOURS = tuple((day, 9 * 60, 18 * 60) for day in range(6))
NIGHTS = ((5, 0, 4 * 60), (6, 0, 4 * 60), (6, 22 * 60, 24 * 60), (0, 0, 3 * 60))
"""Hours that a clock change cuts through."""

CRITERIA = ("income verified", "pre-approved", "timeline", "neighbourhoods", "finances")
"""What a buyer's checklist asks for, and a word that no policy knows."""

ROUTED = ("assigned", "offered", "qualifying")
BY_SWEEP = ("reclaimed", "expired", "escalated", "warned", "promise_missed")


def drawn_policy(chance: Random, zone: str) -> Policy:
    """A team of two to five under any combination of clocks and places to wait."""
    ids = ["ann", "bob", "cem", "dai", "eva"][: chance.randint(2, 5)]
    hours = chance.choice([None, None, OFFICE_HOURS, NIGHTS])
    agents = [
        make_agent(
            name,
            capacity=chance.choice([1, 2, 3, 8]),
            hours=chance.choice([None, None, hours, OFFICE_HOURS]),
            timezone=chance.choice([None, "Asia/Kolkata"]),
            per_day=chance.choice([None, None, 3]),
            left=chance.choice([None, None, None, "2026-03-10", "2026-10-26"]),
            cover=chance.choice([None, *2 * [other for other in ids if other != name]]),
            time_off=chance.choice([(), (("2026-03-30", "2026-04-02"),), (("2026-10-25", "2026-10-26"),)]),
            notify=chance.choice([(), (Channel("ntfy://here/x"), Channel("sms://here/x", only=("offer", "digest")))]),
            digest=chance.choice([None, 480]),
        )
        for name in ids
    ]
    leader = chance.choice(["lea", "lea", None, ids[0]])
    team = Team(timezone=zone, leader=leader, hours=hours, holidays=chance.choice([(), ("2026-03-30",)]))
    agents += [make_agent(name, role="isa", capacity=chance.choice([1, 4])) for name in ("ida", "ivo")]
    if leader == "lea":
        agents.append(make_agent("lea", role="leader"))
    return make_policy(
        agents,
        team=team,
        rules=_rules(chance),
        acceptance=chance.choice([Acceptance(), ASKING, Acceptance(60, 600, 3600, 2, declined_costs_turn=False)]),
        sla=Sla(
            clock=chance.choice(["always", "team_hours", "agent_hours"]), offline=chance.choice([None, Offline(2)])
        ),
        escalation=_escalation(chance),
        reclaim=_reclaim(chance),
        time_off=TimeOff(chance.choice(["keep", "cover", "cover", "rotate", "pool"])),
        pool=Pool(
            unclaimed=chance.choice([None, "everyone"]),
            per_agent_per_day=chance.choice([None, 1, 3]),
            counts_as_turn=chance.random() < 0.5,
        ),
        isa=chance.choice([Isa(), Isa(5 * MINUTE, 30 * MINUTE, HOUR)]),
        incubation=Incubation(chance.choice([DAY, 14 * DAY]), inquiry_wakes=chance.random() < 0.5),
        backlog=Backlog(chance.choice(["fifo", "lifo", "hottest_first"]), chance.choice([None, 2])),
        notify=Notify(warn=chance.choice([None, Warn(), Warn(hot=60, warm=None)])),
    )


def _rules(chance: Random) -> tuple[Rule, ...]:
    night = Rule("night", ("hours", "in", ("closed",)), then="hold")
    cold = Rule("cold", ("quality", "in", ("cold",)), then="pool")
    buyers = Rule(
        chance.choice(["buyers", "callers", "family"]),
        ("intent", "in", ("buyer",)),
        strategy="performance",
        otherwise="everyone",
    )
    first = Rule("first", ("intent", "in", ("buyer",)), Target("role", ("isa",)), then="qualify")
    someday = Rule("someday", ("quality", "in", ("cold", "warm")), then="incubate")
    everyone = Rule(
        "everyone", strategy=chance.choice(["round_robin", "least_busy", "hunt_group", "fastest", "random"])
    )
    last = first._replace(name="everyone", when=None) if chance.random() < 0.1 else everyone
    return (*chance.sample([night, cold, buyers, first, someday], chance.randint(0, 4)), last)


def _escalation(chance: Random) -> Escalation:
    steps = (
        EscalationStep(5 * MINUTE, "notify_leader"),
        EscalationStep(20 * MINUTE, chance.choice(["reassign", "pool"])),
    )
    return chance.choice([Escalation(), Escalation((), (), ()), Escalation(warm=steps, backup="everyone")])


def _reclaim(chance: Random) -> Reclaim:
    off = Reclaim(None, None, 0, None, Hold(None, None, None), 3 * DAY)
    short = Reclaim(6 * HOUR, 2 * DAY, 2, Attempts(2, DAY), Hold(4 * DAY, 5 * DAY, 6 * DAY), 2 * DAY)
    return chance.choice([Reclaim(), Reclaim(max_hops=1), off, short])


numbers = st.integers(0, 10_000)


class AnyWay(RuleBasedStateMachine):
    """One brokerage from its first policy on."""

    @initialize(seed=numbers, zone=st.sampled_from(sorted(BEFORE_CLOCK_CHANGES)))
    def open_office(self, seed: int, zone: str) -> None:
        chance = Random(seed)
        self.zone = zone
        self.house = House(drawn_policy(chance, zone), now=chance.choice(BEFORE_CLOCK_CHANGES[zone]))
        self.seen = 0

    @property
    def policy(self) -> Policy:
        return self.house.session.policy.policy

    def agent(self, number: int) -> str:
        return self.policy.agents[number % len(self.policy.agents)].id

    def allowed(self, step: Callable[[], Any]) -> None:
        """Takes a step that may be refused; then nothing has changed."""
        before = self.house.events()
        try:
            step()
        except (Refused, WrongUsage):
            assert self.house.events() == before

    def a_lead(self, number: int) -> int:
        return 1 + number % self.house.leads()

    # --- what happens ---------------------------------------------------------------------------------------

    @rule(number=numbers)
    def a_lead_comes(self, number: int) -> None:
        self.house.route(
            quality=("hot", "warm", "cold", None)[number % 4], intent=("buyer", None)[number // 4 % 2], price=3e5
        )

    @rule(number=numbers, count=st.integers(2, 6))
    def several_leads_come(self, number: int, count: int) -> None:
        self.house.deal(count, quality=("hot", "warm")[number % 2])

    @precondition(lambda self: self.house.leads() > 0)
    @rule(number=numbers)
    def the_person_asks_again(self, number: int) -> None:
        self.house.receive(self.house.person(email=f"person{self.a_lead(number)}@example.com"))

    @precondition(lambda self: self.house.leads() > 0)
    @rule(
        number=numbers,
        step=st.sampled_from(
            ["accept", "release", "appointment", "no-show", "won", "lost", "void", "reopen", "refuse", "approve"]
        ),
    )
    def a_step(self, number: int, step: str) -> None:
        self.allowed(lambda: self.house.step(step, self.a_lead(number)))

    @precondition(lambda self: self.house.leads() > 0)
    @rule(number=numbers, late=st.booleans())
    def a_contact(self, number: int, late: bool) -> None:
        at = self.house.now - timedelta(minutes=number % 90) if late else None
        outcome = ("reached", "no_answer", "no_answer")[number % 3]
        self.allowed(lambda: self.house.contact(self.a_lead(number), outcome, at))

    @precondition(lambda self: self.house.leads() > 0)
    @rule(number=numbers)
    def a_decline(self, number: int) -> None:
        reason = DECLINE_REASONS[number % len(DECLINE_REASONS)]
        self.allowed(lambda: self.house.step("decline", self.a_lead(number), reason=reason))

    @precondition(lambda self: self.house.leads() > 0)
    @rule(number=numbers, who=numbers, step=st.sampled_from(["claim", "request", "transfer"]))
    def a_move_by_hand(self, number: int, who: int, step: str) -> None:
        details: dict[str, Any] = {"to" if step == "transfer" else "agent": self.agent(who)}
        self.allowed(lambda: self.house.step(step, self.a_lead(number), **details))

    @precondition(lambda self: self.house.leads() > 0)
    @rule(number=numbers)
    def an_extension(self, number: int) -> None:
        self.allowed(lambda: self.house.step("extend", self.a_lead(number), days=1 + number % 4))

    @precondition(lambda self: self.house.leads() > 0)
    @rule(number=numbers, overridden=st.booleans())
    def a_handoff(self, number: int, overridden: bool) -> None:
        details: dict[str, Any] = {"override": True} if overridden else {"met": CRITERIA[: number % 6]}
        self.allowed(lambda: self.house.step("handoff", self.a_lead(number), **details))

    @precondition(lambda self: self.house.leads() > 0)
    @rule(number=numbers, chosen=st.booleans(), step=st.sampled_from(["incubate", "touch"]))
    def nurture(self, number: int, chosen: bool, step: str) -> None:
        details: dict[str, Any] = {"intent": ("yes", "no")[number % 2]} if step == "touch" else {}
        if chosen:
            details["next"] = (self.house.now + timedelta(days=2 + number % 20)).date().isoformat()
        self.allowed(lambda: self.house.step(step, self.a_lead(number), **details))

    @rule(who=numbers, days=st.integers(0, 5))
    def somebody_goes(self, who: int, days: int) -> None:
        until = None if days == 0 else (self.house.now + timedelta(days=days)).date().isoformat()
        go_away(self.house.session, self.agent(who), None, until, self.house.now)

    @rule(who=numbers)
    def somebody_comes_back(self, who: int) -> None:
        self.allowed(lambda: come_back(self.house.session, self.agent(who), self.house.now))

    @rule(who=numbers, answered=st.booleans())
    def somebody_complains(self, who: int, answered: bool) -> None:
        agent, now = self.agent(who), self.house.now
        if answered:
            self.allowed(lambda: answer(self.house.session, agent, None, "a word", now))
        else:
            complain(self.house.session, agent, "a word", now)

    @rule(seed=numbers)
    def the_broker_changes_the_policy(self, seed: int) -> None:
        self.house.load(drawn_policy(Random(seed), self.zone))

    @rule()
    def the_program_is_started_anew(self) -> None:
        self.house.forget()

    @rule(wait=st.sampled_from([1, 4, 16, 31, 121, 6 * 60, 24 * 60, 3 * 24 * 60]))
    def time_passes(self, wait: int) -> None:
        self.house.wait(minutes=wait)

    @rule(silence=st.sampled_from([0, 1, 10, 45, 8 * 60, 7 * 24 * 60]))
    def cron_sweeps(self, silence: int) -> None:
        self.house.wait(minutes=silence)
        held = self.held_with_something_due()
        before = len(self.house.events())
        self.house.sweep()
        events = self.house.events()
        self.one_step_each(events[before:], held)
        again = self.house.sweep()
        assert again.changes == []
        assert self.house.events() == events

    # --- what a sweep may do ----------------------------------------------------------------------------------

    def held_with_something_due(self) -> dict[int, Step]:
        """What is due now for the leads somebody holds, before a sweep carries it out."""
        desk = desks.load_desk(self.house.connection)
        desks.load_live_leads(self.house.connection, desk)
        found = {}
        for lead in desk.leads.values():
            step = due(lead, self.policy, desk.agents, self.house.now)
            if step is not None and lead.state in OPEN:
                found[lead.lead] = step
        return found

    def one_step_each(self, swept: list[Event], held: dict[int, Step]) -> None:
        """Each lead had one step, the one that was due, and whoever received a lead starts from now."""
        steps = Counter(event.lead for event in swept if event.kind in (*BY_SWEEP, "transferred"))
        assert not steps or max(steps.values()) == 1
        taken = {event.lead: event for event in swept if event.kind in (*BY_SWEEP, "transferred")}
        left = {event.agent for event in swept if event.kind == "agent_left"}
        for number, step in held.items():
            if step.what == "move" and (number not in taken or taken[number].data.get("reason") != "time_off"):
                continue  # nobody could take it: it stays with its holder, and a weaker step may be taken
            assert number in taken
            if not left:
                assert taken[number].data.get("reason", "unanswered") == step.reason
        for event in swept:
            if event.lead is not None and event.kind in (*ROUTED, "transferred"):
                lead = self.house.lead(event.lead)
                assert lead.assigned_at == self.house.now
                assert lead.due_at is not None
                assert lead.due_at > self.house.now

    # --- what always holds ------------------------------------------------------------------------------------

    @invariant()
    def every_lead_is_somewhere_and_watched(self) -> None:
        for number in range(1, self.house.leads() + 1):
            lead = self.house.lead(number)
            assert lead.state != "received"
            assert (lead.agent is not None) or lead.state not in OPEN
            if lead.state in OPEN and lead.agent is not None and not self.house.agent(lead.agent).active:
                assert lead.holder_left_at is not None
            assert lead.state not in ("held", "pooled", "unassigned", "incubating") or lead.agent is None
            if lead.state not in CLOSED:
                assert lead.due_at is not None

    @invariant()
    def an_isa_stays_on_what_they_handed_off_and_is_not_dealt_it_again(self) -> None:
        for number in range(1, self.house.leads() + 1):
            lead = self.house.lead(number)
            if lead.state == "qualifying":
                assert lead.agent == lead.isa
                assert lead.handed_off_at is None
            assert lead.handed_off_at is None or lead.isa is not None
            assert lead.touch_at is None or lead.state in ("incubating", *CLOSED)
            assert not lead.showed_intent or lead.incubated_at is not None
        handed: set[int | None] = set()
        for event in self.house.events():
            if event.kind == "handed_off":
                handed.add(event.lead)
            elif event.data.get("state") == "qualifying":  # a person gave it to an isa
                handed.discard(event.lead)
            assert event.kind != "qualifying" or event.lead not in handed

    @invariant()
    def the_counts_are_the_leads(self) -> None:
        held = Counter(
            dict(
                self.house.connection.execute(
                    f"SELECT agent, count(*) FROM leads WHERE state IN {_open()} GROUP BY agent"
                )
            )
        )
        for agent, count in self.house.connection.execute("SELECT agent, open FROM agents"):
            assert held[agent] == count

    @invariant()
    def the_router_fills_nobody_beyond_capacity(self) -> None:
        """Folds what is new through a desk of our own; leads that come to rest with the leader are not routed."""
        if not hasattr(self, "shadow"):
            self.shadow = Desk(lambda version: desks.read_rulebook(self.house.connection, version))
        for event in self.house.events()[self.seen :]:
            apply(self.shadow, event)
            self.seen = event.seq
            by_router = event.kind in ROUTED and event.data.get("panel")
            if (by_router or event.data.get("reason") == "time_off") and event.agent in self.shadow.policy.roster:
                assert self.shadow.agents[event.agent].open <= self.shadow.policy.roster[event.agent].capacity

    @invariant()
    def the_file_proves_itself(self) -> None:
        assert self.house.problems() == []


def _open() -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(OPEN)) + ")"


AnyWay.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestAnyWay = AnyWay.TestCase
