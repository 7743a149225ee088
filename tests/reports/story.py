"""A quarter of a small brokerage, played through the use cases with seeded chance, so that every figure has something.

Seven agents in Kuala Lumpur from August to October 2026: offers, promises kept and broken, reclaims, sales, voids,
ratings, complaints, moves by hand, time off, leads of earlier times. All persons are invented; MARK stands in every
text they could have said.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

from leadrouter.domain.events import iso
from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import WEIGHT_UNIT, Policy, Rule, Target, Team, Territory
from leadrouter.domain.promises import HOUR, MINUTE, Acceptance, Pool, TimeOff
from leadrouter.domain.state import HELD, LeadState
from leadrouter.errors import Refused
from leadrouter.usecases.complaints import answer, complain
from leadrouter.usecases.past import keep_past
from leadrouter.usecases.roster import correct_credit, go_away
from tests.factories import make_agent
from tests.usecases.house import House

MARK = "zqperson"
BEGIN = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
END = datetime(2026, 10, 31, 15, 30, tzinfo=UTC)
"""Half an hour before the last of October ends in Kuala Lumpur."""

SOURCES = (("portal", 22.5), ("referral", None), ("paid ad", 40.0), (None, None))
POLICY = Policy(
    agents=(
        make_agent("aina", name="Aina Yusof", weight=WEIGHT_UNIT * 3 // 2, capacity=40, territories=("west",)),
        make_agent("bala", name="Bala Krishnan", capacity=40, territories=("west",)),
        make_agent("chong", name="Chong Wei Liang", capacity=12),
        make_agent("devi", name="Devi Nair", capacity=40, per_day=2),
        make_agent("farid", name="Farid Hassan", capacity=40),
        make_agent("grace", name="Grace Lim", capacity=40, joined="2026-10-05"),
        make_agent("mei", name="Mei Tan", role="leader", capacity=99),
    ),
    team=Team(name="Story Realty", timezone="Asia/Kuala_Lumpur", currency="MYR", leader="mei"),
    territories=(Territory("west", areas=("bangsar",)), Territory("centre", areas=("bangsar", "klcc"))),
    rules=(
        Rule("leftovers", ("source", "in", ("old list",)), then="pool"),
        Rule("west", ("territory", "in", ("west",)), Target("territory", ("west",)), "territory", otherwise="everyone"),
        Rule("busy", ("source", "in", ("paid ad",)), Target("all"), "least_busy"),
        Rule("everyone", None, Target("all"), "weighted"),
    ),
    quality=(("hot", ("source", "in", ("paid ad",))), ("cold", ("source", "in", ("old list",)))),
    acceptance=Acceptance(warm=30 * MINUTE),
    pool=Pool(claim_within=36 * HOUR),
    time_off=TimeOff("rotate"),
)


class Story:
    """Tells it: a step every few hours, everything drawn from one seed."""

    def __init__(self) -> None:
        self.house = House(POLICY, now=BEGIN)
        self.chance = Random(20261102)
        self.live: list[int] = []

    def tell(self) -> House:
        """From the first lead to the last of October."""
        house = self.house
        self._before()
        while house.now < END:
            house.now = min(END, house.now + timedelta(minutes=self.chance.choice((45, 95, 180, 400))))
            if self.chance.random() < 0.24:
                self._lead()
            if self.chance.random() < 0.8:
                house.sweep()
            for _ in range(self.chance.choice((1, 1, 2, 3))):
                self._work()
            if self.chance.random() < 0.02:
                self._trouble()
        return house

    def _before(self) -> None:
        """Past leads with owners, so that the time that sales take is known."""
        rows = [
            PastLead(
                self._facts(f"past{number}", "referral", f"2026-0{5 + number % 3}-{1 + number % 25:02}T03:00:00Z"),
                ("aina", "bala", "chong")[number % 3],
                "won" if number % 4 == 0 else "lost",
                closed_at=BEGIN - timedelta(days=number % 20),
                value=310_000.0 if number % 4 == 0 else None,
            )
            for number in range(100)
        ]  # fmt: skip
        keep_past(self.house.session, rows, self.house.now)

    def _facts(
        self, who: str, source: str | None, received_at: str, area: str | None = None, cost: float | None = None
    ) -> Lead:
        return Lead(
            name=f"{MARK} {who}", email=f"{MARK}.{who}@example.com", message=f"{MARK} asks", source=source, area=area,
            cost=cost, received_at=received_at,
        )  # fmt: skip

    def _lead(self) -> None:
        source, cost = self.chance.choice((*SOURCES, ("old list", 3.0)))
        area = self.chance.choice(("Bangsar", "KLCC", "Cheras", None))
        late = self.house.now - timedelta(hours=self.chance.choice((0, 0, 0, 5)))
        facts = self._facts(f"new{self.house.came}", source, iso(late), area, cost)
        self.house.came += 1
        self.live.append(self.house.receive(facts)[0].state.lead)

    def _work(self) -> None:
        """One step on one lead that is still going on, if there is any."""
        if not self.live:
            return
        number = self.chance.choice(self.live[-5:] if self.chance.random() < 0.7 else self.live)
        lead = self.house.lead(number)
        step = self._step(lead)
        try:
            if step is not None:
                self.house.step(step[0], number, **step[1])  # type: ignore[arg-type]
        except Refused:
            return
        if self.house.lead(number).state in ("won", "lost", "void"):
            self.live.remove(number)
            if self.chance.random() < 0.5:
                self.house.step("rate", number, score=self.chance.choice((1, 2, 4, 5, 5)))

    def _step(self, lead: LeadState) -> tuple[str, dict[str, object]] | None:
        draw = self.chance.random()
        if lead.state == "offered":
            lazy = lead.agent == "farid"
            if draw < (0.75 if lazy else 0.1):
                return "decline", {"reason": self.chance.choice(("busy", "too_far"))}
            return "accept", {}
        if lead.state == "pooled":
            return ("claim", {"agent": self.chance.choice(("aina", "devi"))}) if draw < 0.3 else None
        if lead.state not in HELD:
            return None
        if lead.attempts == 0:
            if draw < 0.1:
                return "void", {}
            return ("contact", {"channel": "call", "outcome": "reached"}) if draw < 0.8 else None
        choices: list[tuple[str, dict[str, object]]] = [
            ("contact", {"channel": "call", "outcome": "no_answer"}),
            ("appointment", {}),
            ("won", {"value": float(self.chance.randint(300, 900) * 1000)}),
            ("lost", {}),
            ("lost", {}),
            ("transfer", {"to": self.chance.choice(("aina", "bala", "chong"))}),
            ("release", {}),
        ]
        weights = (9, 5, 1.5, 1.5, 1.5, 0.5, 0.5)
        return self.chance.choices(choices, weights)[0]

    def _trouble(self) -> None:
        """Something that is not about one lead."""
        house, draw = self.house, self.chance.randint(0, 3)
        if draw == 0:
            complain(house.session, self.chance.choice(("farid", "devi")), f"{MARK} is unhappy", house.now)
        elif draw == 1 and house.agent("devi").complaints:
            answer(house.session, "devi", house.agent("devi").complaints[0], f"{MARK} is right", house.now)
        elif draw == 2:
            correct_credit(house.session, "bala", Fraction(1, 2), "everyone", f"{MARK} came twice", house.now)
        elif not house.agent("chong").absences:
            day = house.now.date()
            go_away(house.session, "chong", day.isoformat(), (day + timedelta(days=4)).isoformat(), house.now)
