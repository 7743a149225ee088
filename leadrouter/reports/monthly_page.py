"""The monthly report as a page that can be read aloud: the verdict in sentences, what to look into, then the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted, listed, money
from leadrouter.reports.monthly_sections import VERDICTS, all_sections
from leadrouter.reports.page import Page
from leadrouter.reports.wording import decision_words, skip_words

Report = Mapping[str, Any]


def monthly_page(report: Report, policy: Policy) -> Page:
    """The whole page."""
    head, won = report["head"], sum(entry["won"] for entry in report["conversion"]["quality"])
    ripe = ripeness_words(report["ripeness"], report["received"] - report["void"], won)
    return Page(
        f"{report['team']}, {month_words(report['month'])}{_stage(report)}",
        verdict(report, policy),
        [trigger_words(trigger, policy) for trigger in report["triggers"]],
        list(all_sections(report, policy, [ripe, agents_words(report, policy)])),
        f"as of {wall_clock(datetime.fromisoformat(report['as_of']), policy.team.timezone)}; "
        f"event {head['events']:,}, head {head['hash']}",
    )


def month_words(month: str) -> str:
    """`October 2026`."""
    return datetime.strptime(month, "%Y-%m").strftime("%B %Y")  # noqa: DTZ007 - a month has no zone


def _stage(report: Report) -> str:
    """How much of the month there has been, as the end of a title."""
    if not report["begun"]:
        return ", which has not begun"
    return " so far" if report["running"] else ""


def verdict(report: Report, policy: Policy) -> list[str]:
    """The month in a few sentences; of one that has not begun there is nothing to say but what is so now."""
    if not report["begun"]:
        already = counted(report["received"], "lead")
        dated = [f"Dated in it already, by a clock that was ahead: {already}."] if report["received"] else []
        begins = f"It begins on 1 {month_words(report['month'])}."
        return [begins, *dated, *_waiting(report), _alarm_words(report)]
    return [
        *_received(report),
        *_fairness(report),
        *_contacts(report, policy),
        *_closed(report, policy),
        *_waiting(report),
        _alarm_words(report),
    ]


def _received(report: Report) -> list[str]:
    before = next(entry["before"] for entry in report["changes"] if entry["what"] == "received")
    when = f"in {month_words(report['compared_with']['month'])}" + (" by then" if report["running"] else "")
    dealt = sum(line["received"] for line in report["distribution"])
    lines = [f"{counted(report['received'], 'lead')} came in ({before:,} {when})."]
    return [*lines, f"Agents were dealt {dealt:,} net of voids and of what was passed on."] if dealt else lines


def _fairness(report: Report) -> list[str]:
    if not report["distribution"]:
        return []
    off = report["largest_deviation"]
    fair = "within one lead of" if off <= 1 else f"at most {off:.2f} leads off"
    apart = dict.fromkeys(word for line in report["distribution"] for word in line["explained"])
    aside = f"; left out: leads {listed(sorted(apart))}" if apart else ""
    return [f"By turns, everyone is {fair} what they were due in each rotation (largest distance {off:.2f}{aside})."]


def _contacts(report: Report, policy: Policy) -> list[str]:
    kept, settled = (sum(line[key] for line in report["response"]) for key in ("kept", "leads"))
    if not settled:
        return []
    share = f"{kept / settled:.0%}; target {policy.sla.target:.0%}"
    return [f"{kept:,} of {settled:,} promised first contacts were in time ({share})."]


def _closed(report: Report, policy: Policy) -> list[str]:
    closed = report["closed"]
    worth = f" for {money(policy.team.currency, closed['value'])}" if closed["value"] else ""
    lines = [f"Closed this month: {closed['won']:,} won{worth}, {closed['lost']:,} lost, {closed['void']:,} void."]
    undated = ", ".join(f"{count:,} {end}" for end, count in report["closed_undated"].items() if count)
    return [*lines, f"Of those that came in, closed on a day nobody has told: {undated}."] if undated else lines


def _waiting(report: Report) -> list[str]:
    waiting = {state: count for state, count in report["waiting"].items() if count and state != "resting"}
    return (
        ["Now waiting: " + ", ".join(f"{count:,} {WAITING[state]}" for state, count in waiting.items()) + "."]
        if waiting
        else []
    )


WAITING = {"unassigned": "unassigned", "held": "held", "pooled": "in the pool", "incubating": "in nurture"}


def _alarm_words(report: Report) -> str:
    number = len(report["triggers"])
    return f"To look into: {counted(number, 'thing')}." if number else "Nothing calls for a closer look."


def ripeness_words(ripe: Report, leads: int, won: int) -> str:
    """How much of the conversion is in."""
    so_far = f"{won:,} of {counted(leads, 'lead')} won so far"
    if not ripe["maturing"]:
        return so_far + "."
    known = "" if ripe["wins_in"] is None else f"; about {ripe['wins_in']:.0%} of the wins to expect are in"
    days = ripe["days_to_win"]
    took = (
        "" if days is None or ripe["wins_in"] is None else f", sales take {counted(round(days), 'day')} in the median"
    )
    return f"Still maturing: {so_far}, {ripe['still_open']:,} still open{known}{took}."


def agents_words(report: Report, policy: Policy) -> str:
    """Who differs from the team by more than chance: of the others nothing may be said."""
    judged: dict[str, list[str]] = {word: [] for word in VERDICTS}
    for entry in report["conversion"]["agent"]:
        judged[entry["verdict"]].append(named(policy, entry["name"]))
    apart = [f"{', '.join(judged[word])} {word} the team" for word in ("above", "below") if judged[word]]
    if apart:
        return f"By more than chance: {'; '.join(apart)}."
    few = " so far; an agent is judged from 50 leads on" if judged["too_few"] and not judged["within"] else ""
    return f"No agent differs from the team by more than chance{few}."


# --- what to look into ----------------------------------------------------------------------------------------


def trigger_words(trigger: Report, policy: Policy) -> str:
    """One trigger with the numbers behind it."""
    who = named(policy, trigger["agent"]) if trigger.get("agent") else ""
    return TRIGGERS[trigger["trigger"]](trigger, who)


def _compared(trigger: Report, others: str) -> str:
    return (
        f"{trigger['rate']:.0%} of {trigger['leads']:,} against {trigger['other_rate']:.0%} of "
        f"{trigger['other_leads']:,} {others}; chance alone: {chance_words(trigger['chance'])}"
    )


def chance_words(chance: float) -> str:
    """A probability as people say it."""
    return "less than 1 in 1,000" if chance < 0.001 else f"{chance:.1%}"


def _methods(trigger: Report, who: str) -> str:
    one, other = trigger["methods"]
    return f"{one} and {other} won unlike each other: {_compared(trigger, f'by {other}')} (report method)."


def _untouched(trigger: Report, who: str) -> str:
    held = f"held by {who}" if who else "that nobody has"
    return f"{counted(trigger['leads'], 'cold lead')} {held}: nobody has tried to reach them."


def _unassigned(trigger: Report, who: str) -> str:
    told = f"{counted(trigger['leads'], 'lead waits', 'leads wait')} unassigned"
    if trigger["skip"] is not None:
        return f"{told}: everybody was skipped, most often since an agent {skip_words(trigger['skip'])}."
    return f"{told}: {decision_words(trigger['reason'])}." if trigger["reason"] else f"{told}."


TRIGGERS: dict[str, Callable[[Report, str], str]] = {
    "unassigned": _unassigned,
    "sla_missed_two_months": lambda t, who: (
        f"{who} missed the promised first contact two months running: {t['before']:.0%} of {t['leads_before']:,}, then "
        f"{t['rate']:.0%} of {t['leads']:,} in time."
    ),
    "methods_apart": _methods,
    "source_changed": lambda t, who: (
        f"the leads of {t['source']} are won unlike a month ago: {_compared(t, 'then, at the same age')}."
    ),
    "declines": lambda t, who: f"{who} declines offers or lets them lapse: {_compared(t, 'of the others')}.",
    "voids": lambda t, who: f"{who} calls leads void: {_compared(t, 'of the others, source by source')}.",
    "cold_untouched": _untouched,
    "complaints_open": lambda t, who: (
        f"{who} waits for an answer to {counted(t['complaints'], 'complaint')}, "
        f"{counted(round(t['oldest_days']), 'day')} by now."
    ),
}
"""Trigger -> its sentence."""
