"""A policy keeps its meaning on the way to the file and back, with every default written out."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.policy import Agent, Policy, RampStep, Rule, Target, Team
from leadrouter.domain.preset import Preset
from leadrouter.domain.promises import ASKING, Handoff, Incubation, Isa, Offline, Reclaim, Sla
from leadrouter.domain.stored_policy import dump, rebuild
from tests.domain.drawn import RULES, drawn_team, seeds
from tests.factories import make_policy

optional_number = st.none() | st.integers(1, 10**6)


@given(
    seeds,
    st.integers(1, 12),
    st.builds(Reclaim, no_contact=optional_number, no_conversion=optional_number, max_hops=st.integers(0, 9)),
    st.builds(Sla, hot=st.integers(1, 99), target=st.floats(0, 1)),
    st.lists(st.builds(RampStep, st.integers(1, 99), st.integers(1, 5040)), max_size=3).map(tuple),
)
def test_a_policy_comes_back_from_the_file_as_it_was(
    seed: int, size: int, reclaim: Reclaim, sla: Sla, ramp_up: tuple[RampStep, ...]
) -> None:
    team = Team("Harbour Realty", "Asia/Kuala_Lumpur", "MY", "MYR", "a01", ((0, 540, 1080),), ("2026-12-25",))
    policy = Policy(drawn_team(seed, size), team, RULES, sla, reclaim, ramp_up)
    again = rebuild(json.loads(json.dumps(dump(policy))))
    assert again == policy
    assert repr(again) == repr(policy)


def test_every_default_is_written_out() -> None:
    written = dump(make_policy([Agent("aina", "Aina")]))
    assert written["agents"][0] == dict.fromkeys(Agent._fields) | {
        "id": "aina", "name": "Aina", "role": "agent", "groups": [], "specialties": [], "sources": [],
        "languages": [], "territories": [], "channels": [],
        "weight": 2520, "capacity": 15, "time_off": [], "notify": [],
    }  # fmt: skip
    assert written["reclaim"] == {
        "no_contact": 72 * 3600, "no_conversion": 14 * 86400, "max_hops": 3, "reminder": 7 * 86400,
        "attempts": {"needed": 3, "within": 7 * 86400},
        "hold": {"hot": 30 * 86400, "warm": 45 * 86400, "cold": 60 * 86400},
    }  # fmt: skip
    assert written["sla"] == {
        "hot": 900, "warm": 7200, "cold": 86400, "target": 0.95, "clock": "always", "offline": None,
    }  # fmt: skip
    assert written["acceptance"] == {
        "hot": None, "warm": None, "cold": None, "max_offers": 3, "declined_costs_turn": True,
    }  # fmt: skip
    assert ASKING == (300, 900, None, 3, True)
    assert Offline() == (3, 7 * 86400)
    tell, anew = {"after": None, "do": "notify_leader"}, {"after": 1800, "do": "reassign"}
    assert written["escalation"] == {"hot": [tell, anew], "warm": [tell], "cold": [tell], "backup": None}
    assert written["pool"] == {
        "claim_within": 86400, "unclaimed": None, "per_agent_per_day": 3, "counts_as_turn": False, "blind": False,
    }  # fmt: skip
    assert written["time_off"] == {"open_leads": "keep"}
    assert written["incubation"] == {
        "next_touch": 14 * 86400, "inquiry_wakes": True, "fee": None, "fee_share": None, "commission": 1.0,
    }  # fmt: skip
    assert written["isa"] == {"hot": None, "warm": None, "cold": None}
    assert written["handoff"]["criteria"] == [
        ["buyer", ["income verified", "pre-approved", "timeline", "neighbourhoods"]],
        ["seller", ["valuation", "timeline", "motivation", "condition"]],
    ]
    assert written["backlog"] == {"order": "fifo", "per_hour": None}
    assert written["ramp_up"] == [{"until_day": 15, "weight": 840}, {"until_day": 30, "weight": 1260}]
    assert written["rules"][0]["to"] == {"kind": "all", "values": []}
    assert written["shares"] == {"A": 40, "B": 35, "C": 25}
    assert written["probation"] == {"days": 60, "leads": 50}
    assert written["tiers"] == {
        "A": 0.30, "B": 0.20, "review": "quarterly", "confidence": 0.80, "adjust_for": ["source", "quality"],
        "promote": {"A": {"at": 0.30, "reviews": 2}, "B": {"at": 0.22, "reviews": 2}},
        "leads": 50, "within": 365 * 86400, "mature": 0.80,
    }  # fmt: skip
    assert written["relationship"] == {"counts_as_turn": True}
    assert written["pledge"] == {"group": "eteam"}
    assert written["retention"] == {"closed": None}


def test_a_version_written_before_there_was_inside_sales_asks_for_nothing() -> None:
    written = dump(make_policy(1))
    del written["isa"], written["handoff"]
    written["incubation"] = {"next_touch": 86400}
    policy = rebuild(written)
    assert (policy.isa, policy.handoff, policy.incubation) == (Isa(), Handoff(()), Incubation(86400, False))


def test_a_condition_inside_a_condition_comes_back() -> None:
    when = ("all", (("any", (("price", "between", (1.5, None)), ("not", ("tags", "present", ())))),))
    rule = Rule("deep", when, Target("agents", ("aina",)), "weighted", "everyone", "homes")
    policy = make_policy(1, rules=(rule, Rule("everyone")))
    assert rebuild(json.loads(json.dumps(dump(policy)))) == policy


def test_presets_come_back_and_a_version_from_before_them_has_none() -> None:
    preset = Preset(
        "my portal", found_by=(("A", "B"),), columns=(("A", "phone"),), words=(("state", (("Done", "won"),)),)
    )
    policy = make_policy([Agent("aina", "Aina")])._replace(presets=(preset,))
    written = json.loads(json.dumps(dump(policy)))
    assert rebuild(written) == policy
    del written["presets"]
    assert rebuild(written).presets == ()
