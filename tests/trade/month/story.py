"""October at Harbour Realty: 400 people get in touch, seven agents work, the clocks run, the broker looks in.

What happens is drawn from one seed and goes through the command line alone; what the commands answer goes into the
notebook. Every agent has a temper, so that promises are kept and broken, offers lapse, and leads rot.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from tests.trade.month import broker, people
from tests.trade.month.hands import Hands
from tests.trade.month.notebook import CLOSED, HAVING, Page
from tests.trade.month.people import BEGIN, END, Person

QUICK = {"aina": 0.6, "bala": 1.0, "chong": 1.5, "devi": 3.0, "grace": 0.8, "ida": 1.0, "mei": 2.0}
"""How long each takes for what they do, against the others."""

DECLINES = {"bala": 0.35, "aina": 0.05}
CRITERIA = {
    "buyer": "income verified,pre-approved,timeline,neighbourhoods",
    "seller": "valuation,timeline,motivation,condition",
}


class Month(Hands):
    """One brokerage, its clock, its notebook."""

    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(folder, address)
        self.inquiries = 0
        self.files: list[list[dict[str, Any]]] = []
        self.known: list[tuple[str, int]] = []
        """(e-mail, lead) of those who came one by one or in a file."""
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def play(self) -> None:
        """The whole month, in the order of the clock."""
        broker.opens(self)
        for person in people.one_by_one(self.chance):
            self.at(person.at, partial(self.comes, person))
        broker.plans(self)
        sweep = BEGIN
        while sweep < END:
            self.at(sweep, self.sweeps)
            sweep += timedelta(minutes=55 if 8 <= sweep.hour < 21 else 300)
        while self._agenda:
            self.now, _, happens = heapq.heappop(self._agenda)
            happens()
        self.now = END
        broker.closes(self)

    def at(self, moment: datetime, happens: Callable[[], None]) -> None:
        """Puts something on the agenda, unless the month is over by then."""
        if moment < END:
            heapq.heappush(self._agenda, (moment, next(self._order), happens))

    # --- leads come in ----------------------------------------------------------------------------------------

    def comes(self, person: Person) -> None:
        """Somebody gets in touch; one in twelve is somebody who did before."""
        fields = dict(person.fields)
        if len(self.known) > 40 and self.chance.random() < 1 / 12:
            fields = {
                "email": self.chance.choice(self.known[-40:])[0],
                "message": f"{people.MARK} asks again at {self.now}",
            }
            before = max(lead for email, lead in self.known if email == fields["email"])
        else:
            before = None
        if self.chance.random() < 0.5:
            text = json.dumps(fields)
            answer = self.ask("route", "-", "--no-notify", stdin=text, process=self.chance.random() < 0.03)
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
            if change["what"] in ("escalated", "warned"):
                self.notebook.told(change)
                continue
            self.notebook.swept(change, self.show(change["lead"]), self.now)
            self.goes_on(self.notebook.pages[change["lead"]])

    # --- agents work ------------------------------------------------------------------------------------------

    def goes_on(self, page: Page) -> None:
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
                return None if draw < 0.05 else self.chance.uniform(4, 50)
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
        elif draw < 0.25:
            self.contacts(page, "no_answer")
        elif page.state != "contacted":
            self.contacts(page, "reached")
        elif draw < 0.7:
            self.step(page, "appointment")
        elif draw < 0.75:
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
