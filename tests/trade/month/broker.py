"""What the broker does in October: sets up, brings files in, changes the policy, settles what people ask for, looks in.

Everything here has a day and an hour; what it changes goes into the notebook, what it only shows must tell nobody who
anybody is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.trade.month import people, policy
from tests.trade.month.notebook import CLOSED, Page

if TYPE_CHECKING:
    from tests.trade.month.story import Month

Happens = Callable[["Month"], None]
PLANNED: list[tuple[int, int, Happens]] = []
"""(day, hour, what happens)."""


def on(day: int, hour: int) -> Callable[[Happens], Happens]:
    def register(happens: Happens) -> Happens:
        PLANNED.append((day, hour, happens))
        return happens

    return register


def plans(month: Month) -> None:
    """Puts all of it on the agenda."""
    for day, hour, happens in PLANNED:
        month.at(people.BEGIN.replace(day=day, hour=hour, minute=0), partial(happens, month))
    for which, day in enumerate(people.FILE_DAYS):
        moment = people.BEGIN.replace(day=day, hour=10, minute=30)
        month.at(moment, partial(brings_a_file, month, which, day))


# --- setting up -----------------------------------------------------------------------------------------------


def opens(month: Month) -> None:
    """The first of October, eight o'clock: a configuration, and what was done before."""
    month.keyboard.type(month.now, "init", "start.yaml", process=True)
    loads(month, "first.yaml", policy.FIRST)
    rows = people.past_leads()
    (month.folder / "past.csv").write_text(people.as_csv(rows), encoding="utf-8")
    month.keyboard.type(month.now, "import", "past.csv", code=2)  # whose leads they are is not to be lost
    answer = month.ask("import", "past.csv", "--history", process=True)
    assert (answer["rows"], answer["new"], answer["rejected"]) == (30, 30, 0)
    for row in rows:
        view = month.ask("show", f"ext:{row['external_id']}")
        closed = datetime.fromisoformat(row["closed_at"]) if "closed_at" in row else None
        page = month.notebook.pages[view["lead"]] = Page(
            view["lead"], row["source"], datetime.fromisoformat(row["received_at"]), past=True, state=row["state"],
            agent=row["agent"], quality=view["quality"], closed=closed,
            value=float(row["value"]) if row.get("value") else None,
        )  # fmt: skip
        assert (view["state"], view["agent"]) == (page.state, page.agent)


def loads(month: Month, name: str, text: str) -> Any:
    """Checks a policy, and puts it in force."""
    (month.folder / name).write_text(text % month.address, encoding="utf-8")
    month.keyboard.type(month.now, "check", name)
    return month.keyboard.type(month.now, "load", name, process=True).out


def brings_a_file(month: Month, which: int, day: int) -> None:
    """25 new people, two rows that nobody can use, somebody who asked before, and five rows of the file before."""
    new = people.a_file(month.chance, day, which)
    email, before = month.chance.choice(month.known[-30:])
    before = max(lead for known, lead in month.known if known == email)
    again = {"external_id": "", "email": email, "message": f"{people.MARK} asks by file"}
    bad = [{"name": f"{people.MARK} Nobody"}, {"name": f"{people.MARK} Odd", "email": "not an address"}]
    old = people.as_csv(month.files[-1][:5]) if month.files else ""
    text = people.as_csv([*new[:10], bad[0], *new[10:], again, bad[1]])
    name = f"file{which}.csv"
    (month.folder / name).write_text(text, encoding="utf-8")
    month.ask("import", name, "--dry-run", code=3)
    answer = month.ask("import", name, "--no-notify", code=3, process=which % 2 == 0)
    asked_again = month.notebook.pages[before].state not in CLOSED
    assert (answer["rows"], answer["rejected"]) == (28, 2)
    assert (answer["new"], answer["inquiries"]) == ((25, 1) if asked_again else (26, 0)), answer
    for row in new:
        view = {"what": "new"} | month.ask("show", f"ext:{row['external_id']}")
        received = datetime.fromisoformat(row["received_at"])
        month.arrived(view, received, row["source"], row.get("cost"), row["email"], None)
    noted = month.notebook.pages
    unknown = set(range(1, len(noted) + 2)) - noted.keys()  # without an id it is the one number not noted yet
    found = before if asked_again else unknown.pop()
    what = "inquiry" if asked_again else "new"
    month.arrived({"what": what} | month.show(found), month.now, None, None, email, before)
    month.files.append(new)
    if old:
        (month.folder / "again.csv").write_text(old, encoding="utf-8")
        answer = month.ask("import", "again.csv")
        assert (answer["rows"], answer["unchanged"], answer["new"]) == (5, 5, 0)


# --- the team -------------------------------------------------------------------------------------------------


@on(12, 9)
def grace_joins(month: Month) -> None:
    assert "Grace Lim" in loads(month, "second.yaml", policy.SECOND)


@on(20, 9)
def devi_leaves(month: Month) -> None:
    answer = month.keyboard.look(month.now, "simulate", "second.yaml", "--from", "2026-10-12")
    assert "Aina" in answer
    assert "Devi Nair" in loads(month, "third.yaml", policy.THIRD)
    again = month.keyboard.type(month.now, "load", "third.yaml").out
    assert "nothing" in again or "already" in again, again


@on(7, 12)
def bala_pauses(month: Month) -> None:
    month.ask("away", "bala", "--by", "mei")


@on(8, 9)
def bala_is_back(month: Month) -> None:
    month.ask("back", "Bala Krishnan")


@on(22, 18)
def aina_goes_on_holiday(month: Month) -> None:
    month.ask("away", "aina", "--from", "2026-10-24", "--until", "2026-10-25")


@on(9, 16)
def somebody_was_owed_a_lead(month: Month) -> None:
    month.ask("credit", "chong", "1", "--rotation", "everyone", "--reason", f"{people.MARK} came twice", "--by", "mei")
    month.notebook.overrides["credited", "chong"] += 1


@on(13, 17)
def devi_and_bala_complain(month: Month) -> None:
    for agent in ("devi", "bala"):
        month.ask("complaint", agent, "--about", f"{people.MARK} says it is unfair")
        month.notebook.complaints[agent, "made"] += 1


@on(15, 11)
def bala_is_answered(month: Month) -> None:
    month.ask("complaint", "bala", "--answer", f"{people.MARK} was told why")
    month.notebook.complaints["bala", "answered"] += 1


@on(16, 12)
def a_tier_by_hand(month: Month) -> None:
    month.keyboard.look(month.now, "tiers")
    month.ask("tiers", "--set", "chong=B", "--reason", f"{people.MARK} is known")
    month.notebook.overrides["tier_set", "chong"] += 1


# --- single leads ---------------------------------------------------------------------------------------------


@on(5, 15)
def a_lead_is_moved_by_hand(month: Month) -> None:
    page = month.some("assigned", "contacted", agent="bala")
    month.transfers(page, "chong", "--to", "chong", "--reason", f"{people.MARK} speaks Tamil", "--by", "mei")


@on(9, 15)
def an_agent_asks_for_a_lead_and_gets_it(month: Month) -> None:
    page = month.some("assigned", "contacted", "appointment", agent="devi")
    month.step(page, "request", "--agent", "aina", "--reason", f"{people.MARK} is a friend")
    month.transfers(page, "aina", "--approve", name="request")


@on(14, 15)
def another_does_not(month: Month) -> None:
    page = month.some("contacted", "appointment", agent="aina")
    month.step(page, "request", "--agent", "grace")
    month.ask_refused("request", page, "--agent", "bala")
    view = month.step(page, "request", "--refuse", "--reason", f"{people.MARK} likes Aina")
    assert (view["agent"], view["requested_by"]) == ("aina", None)


@on(10, 18)
def a_slip_is_mended(month: Month) -> None:
    for state in ("lost", "void"):
        page = month.some(state)
        view = month.step(page, "reopen", "--reason", f"{people.MARK} closed the wrong one")
        month.notebook.reopened(page, view["state"])
        assert view["agent"] == page.agent
        month.goes_on(page)


@on(17, 12)
def a_longer_time_and_a_new_number(month: Month) -> None:
    page = month.some("contacted", "assigned")
    month.step(page, "extend", "--days", "7", "--reason", f"{people.MARK} travels")
    month.ask("edit", f"id:{page.lead}", "--name", f"{people.MARK} Renamed", "--phone", f"{people.PHONE}99999")
    month.ask_refused("accept", page)


@on(4, 19)
def outcomes_come_in_a_file(month: Month) -> None:
    """Two sales of what was open before October, one that was lost, and two rows that cannot be."""
    old = [page for page in month.notebook.pages.values() if page.past and page.state not in CLOSED and page.agent]
    at = month.now - timedelta(hours=8)
    rows = [
        {"lead": f"id:{page.lead}", "what": what, "at": at.isoformat(), "value": value}
        for page, what, value in zip(old, ("won", "won", "lost"), ("500000", "620000", ""), strict=False)
    ]
    wrong = [{"lead": "no such lead", "what": "won"}, {"lead": f"id:{old[0].lead}", "what": "sold twice over"}]
    (month.folder / "outcomes.csv").write_text(people.as_csv([*rows, *wrong]), encoding="utf-8")
    answer = month.ask("record", "outcomes.csv", code=3)
    assert (answer["rows"], answer["new"], answer["rejected"]) == (len(rows) + 2, len(rows), 2), answer
    for page, row in zip(old, rows, strict=False):
        month.notebook.ended(page, row["what"], at, float(row["value"]) if row["value"] else None)


@on(23, 19)
def two_people_want_to_be_forgotten(month: Month) -> None:
    """One whose lead is closed, and one whose lead is open: that one is lost now."""
    for page in (month.some("lost"), month.some("contacted")):
        month.ask("export", f"id:{page.lead}")
        month.ask("forget", f"id:{page.lead}", "--dry-run")
        answer = month.ask("forget", f"id:{page.lead}")
        assert page.lead in answer["leads"]
        for lead in answer["leads"]:
            theirs = month.notebook.pages[lead]
            if theirs.state not in CLOSED:
                month.notebook.ended(theirs, "lost", month.now)
        month.known = [entry for entry in month.known if entry[1] != page.lead]


def closes(month: Month) -> None:
    """Ten minutes before the doors close somebody asks for a viewing: whoever is asked first has not answered yet."""
    person = people.a_person(month.chance, 999, month.now, {"paid ad": 1})
    answer = month.ask("route", "-", "--no-notify", stdin=json.dumps(person.fields))
    assert answer["state"] == "offered"
    month.arrived(answer, month.now, "paid ad", people.COST["paid ad"], person.email, None)


# --- looking in -----------------------------------------------------------------------------------------------


@on(6, 20)
@on(19, 9)
@on(30, 19)
def the_broker_looks_in(month: Month) -> None:
    page = month.some("contacted", "won", "lost")
    looks: tuple[tuple[object, ...], ...] = (
        ("open",), ("open", "--agent", "aina"), ("rotation",), ("policy",), ("log", "--limit", 200),
        ("report", "monthly"), ("report", "agent", "aina"),
    )  # fmt: skip
    for words in looks:
        month.keyboard.look(month.now, *words)
    for shown in (
        ("pool",),
        ("due", "--days", 3),
        ("show", f"id:{page.lead}"),
    ):  # who is to work on a lead may see whose it is
        month.keyboard.type(month.now, *shown)
    month.keyboard.type(month.now, "explain", f"id:{page.lead}")
    answer = month.ask("explain", f"id:{page.lead}", "--agent", "chong")
    assert answer["agent"] == "chong"
    month.keyboard.look(month.now, "dashboard", process=True)
    month.ask("notify")
    month.ask("verify", process=True)
    month.keyboard.type(month.now, "backup", f"{month.now:%d}.db", process=True)
