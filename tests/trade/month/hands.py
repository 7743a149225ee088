"""What the hands of agents and of the broker type: one step of one lead each, and its line in the notebook."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.trade.month.keyboard import Keyboard
from tests.trade.month.notebook import Notebook, Page
from tests.trade.month.people import BEGIN
from tests.trade.month.policy import JOINS


class Hands:
    """A keyboard, a notebook and a clock. What somebody does next with a lead is for whoever plays the month."""

    def __init__(self, folder: Path, address: str) -> None:
        self.keyboard = Keyboard(folder)
        self.notebook = Notebook()
        self.folder = folder
        self.address = address
        """Where Aina is told of her leads."""
        self.chance = Random(20261001)
        self.now = BEGIN

    def goes_on(self, page: Page) -> None:
        """Whoever has the lead now will do something about it, some time; or never."""
        raise NotImplementedError

    def ask(self, *arguments: object, **how: Any) -> Any:
        return self.keyboard.ask(self.now, *arguments, **how)

    def show(self, lead: int) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("show", f"id:{lead}")
        return found

    def some(self, *states: str, agent: str | None = None) -> Page:
        """The latest lead in one of these states."""
        return next(
            page
            for page in reversed(self.notebook.pages.values())
            if page.state in states and agent in (None, page.agent) and not page.past
        )

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
        if name != "void" and self.chance.random() < 0.3:
            self.rates(page, self.chance.choice((1, 2, 4, 5, 5)))

    def rates(self, page: Page, score: int) -> None:
        self.step(page, "rate", score)
        self.notebook.ratings.append((page.agent or "", score))
