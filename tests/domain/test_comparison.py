"""Measures of one side, held to a hand count."""

from __future__ import annotations

from datetime import timedelta

from leadrouter.domain.comparison import measure, peaks
from leadrouter.domain.decision import LineUp
from leadrouter.domain.response import Stint
from tests.factories import START, Branch, make_agent, make_policy

HOUR = timedelta(hours=1)


def test_the_peak_is_the_most_held_at_once_and_one_given_up_makes_room() -> None:
    held = [
        Stint("ann", START, None, START + HOUR),
        Stint("ann", START + HOUR, None, START + 3 * HOUR),
        Stint("ann", START + 2 * HOUR, None, None),
        Stint("ben", START - 5 * HOUR, None, None),
    ]
    assert peaks(held, START, START + 9 * HOUR) == {"ann": 2, "ben": 1}


def test_what_was_over_before_does_not_count() -> None:
    assert peaks([Stint("ann", START - 2 * HOUR, None, START - HOUR)], START, START + HOUR) == {}


def test_a_side_counts_holders_waits_skips_and_turns() -> None:
    branch = Branch(
        make_policy([make_agent("ann"), make_agent("ben", capacity=1), make_agent("cem", hours=((6, 0, 1),))])
    )
    branch.deal(3)
    for agent in ("ann", "ben"):
        branch.pause(agent)
    branch.receive()
    waiting = branch.route()
    branch.wait(hours=2)
    branch.back("ann")
    branch.retry(waiting.lead)
    panels: dict[int, LineUp] = branch.desk.panels
    came = {1: START, 2: START, 3: START, waiting.lead: START}
    side = measure(branch.events(), came, panels, START, branch.now)
    assert side.first == {1: "ann", 2: "ben", 3: "ann", waiting.lead: "ann"}
    assert side.waited == [0, 0, 0, 120]
    assert side.peak == {"ann": 3, "ben": 1}
    assert side.received == {"ann": 3, "ben": 1}
    assert side.skips["cem"]["hours"] == 5
    assert side.due == {"ann": 3.0, "ben": 1.0}
    assert side.deviation == 0
    assert side.nobody == 0
