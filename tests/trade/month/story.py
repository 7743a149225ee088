"""October at Harbour Realty: 400 people get in touch, seven agents work, the clocks run, the broker looks in.

What happens is drawn from one seed and goes through the command line alone; what the commands answer goes into the
notebook. Every agent has a temper, so that promises are kept and broken, offers lapse, and leads rot.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from tests.trade.month import broker, people
from tests.trade.month.keyboard import Keyboard
from tests.trade.month.notebook import CLOSED, HAVING, Notebook, Page
from tests.trade.month.people import BEGIN, END, Person
from tests.trade.month.policy import JOINS

QUICK = {"aina": 0.6, "bala": 1.0, "chong": 1.5, "devi": 3.0, "grace": 0.8, "ida": 1.0, "mei": 2.0}
"""How long each takes for what they do, against the others."""

DECLINES = {"bala": 0.35, "aina": 0.05}
CRITERIA = {
    "buyer": "income verified,pre-approved,timeline,neighbourhoods",
    "seller": "valuation,timeline,motivation,condition",
}


class Month:
    """One brokerage, its clock, its notebook."""

    def __init__(self, folder: Path, address: str) -> None:
        self.keyboard = Keyboard(folder)
        self.address = address
        """Where Aina is told of her leads."""
        self.files: list[list[dict[str, Any]]] = []
        self.notebook = Notebook()
        self.folder = folder
        self.chance = Random(20261001)
        self.now = BEGIN
        self.inquiries = 0
        self.known: list[tuple[str, int]] = []
        """(e-mail, lead) of those who came one by one or in a file."""
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def play(self) -> None:
        """The whole month, in the order of the clock."""
        broker.opens(self)
        for person in people.one_by_one(self.chance):
            self.at(person.at, lambda person=person: self.comes(person))
        broker.plans(self)
        sweep = BEGIN
        while sweep < END:
            self.at(sweep, self.sweeps)
            sweep += timedelta(minutes=55 if 8 <= sweep.hour < 21 else 300)
        while self._agenda:
            self.now, _, happens = heapq.heappop(self._agenda)
            happens()
        self.now = END

    def at(self, moment: datetime, happens: Callable[[], None]) -> None:
        """Puts something on the agenda, unless the month is over by then."""
        if moment < END:
            heapq.heappush(self._agenda, (moment, next(self._order), happens))

    def ask(self, *arguments: object, **how: Any) -> Any:
        return self.keyboard.ask(self.now, *arguments, **how)

    def show(self, lead: int) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("show", f"id:{lead}")
        return found

    # --- leads come in ----------------------------------------------------------------------------------------

    def comes(self, person: Person) -> None:
        """Somebody gets in touch; one in twelve is somebody who did before."""
        fields = dict(person.fields)
        if len(self.known) > 40 and self.chance.random() < 1 / 12:
            fields = {"email": self.chance.choice(self.known[-40:])[0], "message": f"{people.MARK} asks again at {self.now}"}
            before = max(lead for email, lead in self.known if email == fields["email"])
        else:
            before = None
        if self.chance.random() < 0.5:
            text = json.dumps(fields)
            answer = self.ask("route", "-", "--no-notify", stdin=text, process=self.chance.random() < 0.04)
        else:
            more = [f"--set=cost={fields.pop('cost')}"] if "cost" in fields else []
            options = [f"--{key}={value}" for key, value in fields.items()]
            answer = self.ask("route", *options, *more, "--no-notify")
        self.arrived(answer, self.now, fields.get("source"), person.fields.get("cost"), fields["email"], before)

    def arrived(
        self, answer: dict[str, Any], received: datetime, source: str | None, cost: float | None, email: str,
        before: int | None,
    ) -> None:  # fmt: skip
        """What `route` said of a lead; a person whose lead is still going on has only asked again."""
        notebook = self.notebook
        if before is not None and notebook.pages[before].state not in CLOSED:
            assert (answer["what"], answer["lead"]) == ("inquiry", before), answer
            self.inquiries += 1
            page = notebook.pages[before]
            if page.state == "incubating":  # it woke
                notebook.dealt(page, answer, self.now)
                self.goes_on(page)
            return
        assert answer["what"] == "new", (answer, before)
        page = notebook.pages[answer["lead"]] = Page(
            answer["lead"], source, received, cost if source is not None else None
        )
        notebook.dealt(page, answer, self.now)
        self.known.append((email, page.lead))
        self.goes_on(page)

    # --- the clocks -------------------------------------------------------------------------------------------

    def sweeps(self) -> None:
        """Cron runs `reclaim`; now and then as a process of its own."""
        answer = self.ask("reclaim", process=self.chance.random() < 0.01)
        for change in answer["changes"]:
            self.notebook.swept(change, self.show(change["lead"]), self.now)
            if change["what"] not in ("escalated", "warned"):
                self.goes_on(self.notebook.pages[change["lead"]])

    # --- agents work ------------------------------------------------------------------------------------------

    def goes_on(self, page: Page) -> None:
        """Whoever has the lead now will do something about it, some time; or never."""
        hours = self._until_next(page)
        if hours is None:
            return
        moment = self.now + timedelta(minutes=round(60 * hours) + 1)
        if not 8 <= moment.hour < 21:
            morning = moment.replace(hour=8, minute=0) + timedelta(days=moment.hour >= 21)
            moment = morning + timedelta(minutes=self.chance.randint(5, 90))
        stood = page.changed
        self.at(moment, lambda: self.works(page) if page.changed == stood else None)

    def _until_next(self, page: Page) -> float | None:
        """Hours until the holder's next step."""
        draw, slow = self.chance.random(), QUICK.get(page.agent or "", 1.0)
        match page.state:
            case "offered":
                return None if draw < 0.15 else self.chance.uniform(0.02, 0.25) * slow
            case "pooled":
                return self.chance.uniform(0.5, 9) if draw < 0.6 else None
            case "assigned" | "qualifying" if page.stays[-1].tried is None:
                soon = {"hot": 0.2, "warm": 1.3, "cold": 14.0}[page.quality]
                return None if draw < 0.07 else self.chance.expovariate(1 / (soon * slow))
            case "incubating":
                return self.chance.uniform(60, 130)
            case state if state in HAVING:
                return None if draw < 0.05 else self.chance.uniform(6, 70)
        return None

    def works(self, page: Page) -> None:
        """The holder's next step."""
        draw = self.chance.random()
        match page.state:
            case "offered":
                declines = draw < DECLINES.get(page.agent or "", 0.1)
                self.declines(page) if declines else self.accepts(page)
            case "pooled":
                self.claims(page)
            case "incubating":
                self.touches(page, "yes" if draw < 0.4 else "no")
            case "qualifying" if page.stays[-1].tried is not None and draw < 0.8:
                self.qualified(page, draw)
            case "assigned" | "qualifying" | "contacted":
                self.pursues(page, draw)
            case "appointment":
                self.meets(page, draw)

    def pursues(self, page: Page, draw: float) -> None:
        """On the way to an appointment."""
        if draw < 0.05:
            self.ends(page, "void", "--reason", "wrong number")
        elif draw < 0.07:
            self.releases(page)
        elif draw < 0.4:
            self.contacts(page, "no_answer")
        elif page.state != "contacted":
            self.contacts(page, "reached")
        elif draw < 0.75:
            self.step(page, "appointment")
        elif draw < 0.8:
            self.incubates(page)
        else:
            self.ends(page, "lost", "--reason", f"{people.MARK} bought elsewhere")

    def meets(self, page: Page, draw: float) -> None:
        """After an appointment."""
        if draw < 0.2:
            self.step(page, "no-show")
        elif draw < 0.6:
            self.ends(page, "won", "--value", str(self.chance.randint(300, 900) * 1000))
        elif draw < 0.9:
            self.ends(page, "lost")
        else:
            self.contacts(page, "reached")

    def qualified(self, page: Page, draw: float) -> None:
        """The isa is done with a lead."""
        if draw < 0.1:
            self.incubates(page)
        elif draw < 0.2:
            self.step(page, "appointment")
        else:
            self.hands_off(page, CRITERIA["seller"], refuses=draw > 0.75)

    # --- one step each ----------------------------------------------------------------------------------------

    def step(self, page: Page, name: str, *more: object, at: datetime | None = None) -> dict[str, Any]:
        """One step of one lead; a first attempt is noted, and that the lead is where it should be."""
        told = ("--at", at.isoformat()) if at is not None else ()
        view: dict[str, Any] = self.ask(name, f"id:{page.lead}", *more, *told)
        if name in ("contact", "appointment"):
            self.notebook.tried(page, at or self.now)
        if name in ("contact", "appointment", "no-show"):
            assert view["agent"] == page.agent
            page.state = view["state"]
            page.changed += 1
            self.goes_on(page)
        return view

    def contacts(self, page: Page, outcome: str) -> None:
        """An attempt; some are told a while later, with the time at which they were."""
        at = None
        if page.stays[-1].since < self.now - timedelta(minutes=30) and self.chance.random() < 0.1:
            at = self.now - timedelta(minutes=20)
        self.step(page, "contact", "--outcome", outcome, at=at)

    def accepts(self, page: Page) -> None:
        view = self.step(page, "accept")
        assert view["agent"] == page.agent
        self.notebook.accepted(page, view["state"], self.now)
        self.goes_on(page)

    def declines(self, page: Page) -> None:
        reason = self.chance.choice(("busy", "too_far"))
        assert page.agent is not None
        self.notebook.reasons[page.agent, reason] += 1
        self.notebook.not_taken(page, "declined")
        self.notebook.dealt(page, self.step(page, "decline", "--reason", reason), self.now)
        self.goes_on(page)

    def claims(self, page: Page) -> None:
        """The first who may takes it."""
        for agent in self.chance.sample(("aina", "bala", "chong", *(["grace"] if self.now > JOINS else [])), 3):
            answer = self.keyboard.attempt(self.now, "claim", f"id:{page.lead}", "--agent", agent)
            if answer is not None:
                self.notebook.given(page, agent, answer["state"], "claimed", self.now)
                self.goes_on(page)
                return

    def releases(self, page: Page) -> None:
        assert page.agent is not None
        self.notebook.released[page.agent] += 1
        self.notebook.beside[page.rotation, page.agent, "released"] -= 1
        self.notebook.ends(page, self.now)
        self.notebook.dealt(page, self.step(page, "release", "--reason", "no time"), self.now)
        self.goes_on(page)

    def transfers(self, page: Page, to: str, *words: str, name: str = "transfer") -> None:
        view = self.step(page, name, *words)
        assert view["agent"] == to
        self.notebook.given(page, to, view["state"], "transferred", self.now)
        self.notebook.overrides["transferred", to] += 1
        self.goes_on(page)

    def hands_off(self, page: Page, met: str, *, refuses: bool) -> None:
        """Without the whole checklist it is refused, unless the leader says so by name."""
        view: dict[str, Any]
        if refuses:
            self.ask_refused("handoff", page, "--met", "timeline")
            self.notebook.overrides["handed_off", page.agent or ""] += 1
            view = self.step(page, "handoff", "--met", "timeline", "--by", "mei", "--reason", "known for years")
        else:
            view = self.step(page, "handoff", "--met", met)
        self.notebook.ends(page, self.now)
        self.notebook.dealt(page, view, self.now)
        self.goes_on(page)

    def ask_refused(self, name: str, page: Page, *more: object) -> None:
        """A step that is not allowed: exit code 7, and nothing has happened."""
        self.keyboard.type(self.now, name, f"id:{page.lead}", *more, code=7)

    def incubates(self, page: Page) -> None:
        view = self.step(page, "incubate")
        self.notebook.ends(page, self.now)
        page.state, page.agent = view["state"], view["agent"]
        page.changed += 1
        self.goes_on(page)

    def touches(self, page: Page, intent: str) -> None:
        view = self.step(page, "touch", "--intent", intent)
        if intent == "yes":
            self.notebook.dealt(page, view, self.now)
        page.changed += 1
        self.goes_on(page)

    def ends(self, page: Page, name: str, *more: object) -> None:
        value = float(str(more[1])) if name == "won" else None
        view = self.step(page, name, *more)
        self.notebook.ended(page, name, self.now, value)
        assert (view["state"], view["agent"], view["value"]) == (name, page.agent, value)
        if name != "void" and self.chance.random() < 0.5:
            self.rates(page, self.chance.choice((1, 2, 4, 5, 5)))

    def rates(self, page: Page, score: int) -> None:
        self.step(page, "rate", score)
        self.notebook.ratings.append((page.agent or "", score))

    # --- looking for somebody ---------------------------------------------------------------------------------

    def some(self, *states: str, agent: str | None = None) -> Page:
        """The latest lead in one of these states."""
        return next(
            page
            for page in reversed(self.notebook.pages.values())
            if page.state in states and agent in (None, page.agent) and not page.past
        )
