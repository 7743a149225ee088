"""A desk that is loaded is the desk that was saved, whatever happened at it; and a step that fails never happened."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadrouter.config import read_config
from leadrouter.domain.desk import Desk
from leadrouter.domain.lead import Lead
from leadrouter.errors import LeadrouterError, NoDatabase
from leadrouter.store import desks
from leadrouter.usecases import roster
from leadrouter.usecases.receive import receive
from leadrouter.usecases.session import Session
from leadrouter.usecases.steps import take_step
from leadrouter.usecases.sweep import sweep
from leadrouter.usecases.verify import verify

from .conftest import Opener, content

MORNING = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

CONFIG = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina, capacity: 30}
agents:
  - {name: Aina, specialties: [luxury], weight: 1.5}
  - {name: Bala, specialties: [luxury], per_day: 9, hours: "Mon-Fri 08:00-20:00"}
  - {name: Chong, per_hour: 4}
  - {name: Devi, joined: 2026-11-01}
rules:
  - {name: luxury, when: {price: ">= 2000000"}, to: {specialty: luxury}, else: everyone}
  - {name: everyone, to: all}
"""
LATER_CONFIG = CONFIG.replace("  - {name: Chong, per_hour: 4}\n", "  - Elan\n")


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Session, str, datetime], None]:
    """Brings a configuration into force."""

    def load_it(session: Session, text: str, now: datetime) -> None:
        path = tmp_path / "team.yaml"
        path.write_text(text, encoding="utf-8")
        roster.load_policy(session, read_config(path).policy, text, now)

    return load_it


Load = Callable[[Session, str, datetime], None]


def picture(desk: Desk) -> dict[str, Any]:
    """All that a desk knows, but for what it only remembers to be quick."""
    return {
        "version": desk.version,
        "policy": desk.policy.policy,
        "agents": desk.agents,
        "accounts": {rotation: desk.ledger.accounts(rotation) for rotation in desk.ledger.credit},
        "total": desk.ledger.total,
        "leads": desk.leads,
        "last_there": desk.last_there,
        "drained": desk.drained,
    }


def check_same(session: Session, connection: sqlite3.Connection) -> None:
    """The desk in memory, with every lead put on it, against one loaded by somebody else."""
    numbers = [number for (number,) in connection.execute("SELECT lead FROM leads")]
    with session.writing() as journal:
        desks.load_leads(session.connection, journal.desk, numbers)
        loaded = desks.load_desk(connection)
        desks.load_leads(connection, loaded, numbers)
        assert picture(loaded) == picture(journal.desk)
        for lead in loaded.leads.values():
            if lead.turn_panel:
                assert loaded.panels[lead.turn_panel] == journal.desk.panels[lead.turn_panel]


@pytest.mark.parametrize("seed", range(4))
def test_a_loaded_desk_is_the_desk_that_was_saved(seed: int, open_file: Opener, load: Load) -> None:
    chance = random.Random(seed)
    connection, other = open_file(), open_file()
    session = Session(connection, "somebody")
    load(session, CONFIG, MORNING)
    now, leads = MORNING, 0
    for turn in range(60):
        now += timedelta(minutes=chance.randrange(1, 400))
        step = chance.choice(("lead", "lead", "lead", *STEPS))
        if step == "lead":
            rows = [some_lead(chance, leads + number) for number in range(chance.randrange(1, 4))]
            leads += len(rows)
            receive(session, rows, now)
        elif leads:
            with suppress(LeadrouterError):  # refused: that must not leave a trace either
                STEPS[step](session, str(chance.randrange(1, leads + 1)), chance, now)
        if turn == 40:
            load(session, LATER_CONFIG, now)
        check_same(session, other)
    assert verify(other).problems == []
    kinds = {kind for (kind,) in other.execute("SELECT kind FROM events")}
    assert {"assigned", "contacted", "voided", "transferred", "reclaimed", "agent_left", "agent_joined"} <= kinds


def some_lead(chance: random.Random, number: int) -> Lead:
    person = chance.randrange(number + 1) if chance.random() < 0.1 else number
    return Lead(
        external_id=f"X-{number}",
        name=f"Person {person}",
        email=f"person{person}@example.com",
        price=chance.choice((None, 300_000.0, 2_500_000.0)),
        quality=chance.choice((None, "hot", "cold")),
    )


def transfer(session: Session, lead: str, chance: random.Random, now: datetime) -> None:
    take_step(session, "transfer", f"id:{lead}", now, note="asked", details={"to": chance.choice(("Aina", "Devi"))})


def contact(session: Session, lead: str, chance: random.Random, now: datetime) -> None:
    outcome = chance.choice(("reached", "no_answer"))
    take_step(session, "contact", f"id:{lead}", now, details={"channel": "call", "outcome": outcome})


def close(session: Session, lead: str, chance: random.Random, now: datetime) -> None:
    take_step(session, chance.choice(("won", "lost", "void", "reopen")), f"id:{lead}", now, note="so it is")


def away(session: Session, lead: str, chance: random.Random, now: datetime) -> None:
    if chance.random() < 0.5:
        roster.go_away(session, "bala", None, chance.choice((None, "2026-12-24")), now)
    else:
        roster.come_back(session, "bala", now)


def reclaim(session: Session, lead: str, chance: random.Random, now: datetime) -> None:
    sweep(session, now)


STEPS: dict[str, Callable[[Session, str, random.Random, datetime], None]] = {
    "transfer": transfer,
    "contact": contact,
    "close": close,
    "away": away,
    "reclaim": reclaim,
}


# --- all or nothing -------------------------------------------------------------------------------------------


class Fault(Exception):
    """Something that goes wrong."""


@pytest.fixture
def session(open_file: Opener, load: Load) -> Session:
    made = Session(open_file(), "somebody")
    load(made, CONFIG, MORNING)
    receive(made, [some_lead(random.Random(1), number) for number in range(3)], MORNING)
    return made


def fail_after(session: Session, doing: Callable[[Any], None]) -> None:
    """A transaction in which something happens and then a fault."""
    with session.writing() as journal:
        doing(journal)
        raise Fault


FAULTS: dict[str, Callable[[Any], None]] = {
    "an event": lambda journal: journal.record("won", MORNING, lead=1, agent="aina", data={"value": 1.0}),
    "a time off": lambda journal: journal.record("went_away", MORNING, agent="aina", data={"from": "", "until": None}),
    "nothing at all": lambda journal: None,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_step_that_fails_midway_leaves_nothing(name: str, session: Session, path: Path) -> None:
    before = content(path)
    with pytest.raises(Fault):
        fail_after(session, FAULTS[name])
    assert content(path) == before
    check_same(session, session.connection)


def test_a_batch_with_a_bad_row_leaves_nothing_and_the_next_one_goes_on(session: Session, path: Path) -> None:
    """A lone surrogate cannot be stored: the rows before it in the batch are not stored either."""
    before = content(path)
    good = some_lead(random.Random(1), 7)
    with pytest.raises(UnicodeEncodeError):
        receive(session, [good, good._replace(external_id="X-8", email="b@example.com", name="\ud800")], MORNING)
    assert content(path) == before
    assert receive(session, [good], MORNING)[0].what == "new"
    assert [number for (number,) in session.connection.execute("SELECT lead FROM leads")] == [1, 2, 3, 4]
    assert verify(session.connection).problems == []


def test_a_desk_is_loaded_anew_when_another_process_has_written(session: Session, open_file: Opener) -> None:
    other = Session(open_file(), "somebody else")
    for turn in range(6):
        for writer, name in ((session, "one"), (other, "other")):
            receive(writer, [Lead(email=f"{name}{turn}@example.com")], MORNING)
            check_same(writer, writer.connection)
    assert verify(session.connection).problems == []


def test_nothing_can_be_written_before_a_policy_is_loaded(open_file: Opener, path: Path) -> None:
    empty = Session(open_file(), "somebody")
    before = content(path)
    with pytest.raises(NoDatabase, match="no policy"):
        receive(empty, [Lead(email="ann@example.com")], MORNING)
    assert content(path) == before


def test_every_fifth_of_a_thousand_events_holds_the_balances(session: Session) -> None:
    """Every event whose number is a multiple of a thousand is a `balance`, in whichever transaction it falls."""
    for start in range(0, 2500, 100):
        leads = [Lead(email=f"b{number}@example.com") for number in range(start, start + 100)]
        receive(session, leads, MORNING)
    found = session.connection.execute("SELECT seq, data FROM events WHERE kind = 'balance' ORDER BY seq").fetchall()
    assert [seq for seq, _ in found] == [1000, 2000]
    assert all(sum(credits.values()) == 0 for _, data in found for credits in json.loads(data)["credit"].values())
    assert verify(session.connection).problems == []
