"""The same history lived once more from its records, and what is compared of it."""

from __future__ import annotations

from leadrouter.domain.events import Event
from leadrouter.store.projections import rewind
from leadrouter.usecases.recorded import told_apart
from leadrouter.usecases.reenact import Reenactment
from leadrouter.usecases.session import Session
from tests.usecases.house import House, events_in


def once_more(house: House, after: int = 0) -> tuple[list[Event], Reenactment]:
    """The same history lived again from an event on, under the policies of its time."""
    events = house.events()
    session = Session(house.connection, "tester", dry_run=True)
    rewind(session.connection, after)
    known = {event.lead for event in events[:after] if event.lead is not None}
    world = Reenactment(house.connection, session, house.now, None)
    world.live(told_apart(events[after:], known), house.now)
    return events_in(session.connection), world


def gist(events: list[Event]) -> list[tuple[object, ...]]:
    """All that the events say, but for the salts behind commitments and who wrote them down."""
    return [
        (event.seq, event.at, event.kind, event.lead, event.agent, event.policy,
         {key: value for key, value in event.data.items() if key not in ("note", "row")})
        for event in events
    ]  # fmt: skip
