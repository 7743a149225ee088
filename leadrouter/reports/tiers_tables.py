"""`tiers` as a page for people: the verdict in sentences, tables that fit 80 columns, and a sentence for each agent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from leadrouter.domain.naming import named
from leadrouter.domain.policy import QUALITIES, Policy
from leadrouter.domain.speech import counted
from leadrouter.reports.columns import minutes_words
from leadrouter.reports.lines import say
from leadrouter.reports.tables import ALARM, say_in, show_table, warning
from leadrouter.reports.tiers import called

SOURCES_SHOWN = 3


def show(report: Mapping[str, Any], policy: Policy) -> None:
    """Prints the page."""
    say_in("bold", f"{report['team']}, results and tiers")
    say(*verdict(report, policy))
    say_in(ALARM, *(f"! {sentence}" for sentence in due(report, policy)))
    say("")
    _results(report, policy)
    _figures(report, policy)
    _mix(report)
    _pledge(report, policy)
    say_in("bold", "what earns the next tier")
    say(*(f"{named(policy, entry['agent'])}: {entry['path']}" for entry in report["agents"]))


def verdict(report: Mapping[str, Any], policy: Policy) -> list[str]:
    """The team in a few sentences: what was read, and who is not just lucky or unlucky."""
    age = f"{counted(report['mature_days'], 'day')} or older"
    if report["rate"] is None:
        return [f"No lead is mature yet, which is {age}."]
    read = f"{counted(report['leads'], 'mature lead')} ({age}), {report['won']:,} won: {report['rate']:.1%}."
    above, below = ([named(policy, agent) for agent in called(report, word)] for word in ("above", "below"))
    lines = [f"Above the team: {', '.join(above)}."] if above else []
    lines += [f"Below the team: {', '.join(below)}."] if below else []
    if len(called(report, "too_few")) == len(report["agents"]):
        return [read, f"Nobody has the {counted(policy.tiers.leads, 'mature lead')} that it takes to be judged."]
    if not (above or below):
        lines.append("Nobody is better or worse than chance explains.")
    one_in = round(1 / report["error_rate"])
    lines.append(f"Where agents differ by chance alone, one such page in {one_in}, at most, names anybody.")
    return [read, *lines]


def due(report: Mapping[str, Any], policy: Policy) -> list[str]:
    """What somebody should do now."""
    lines = []
    if report["review"]["due"]:
        since = f"the last was on {report['review']['last']}" if report["review"]["last"] else "there was none yet"
        lines.append(f"review is due ({since}): leadrouter tiers --apply")
    if report["coaching"]:
        lines.append(f"coaching is due: {', '.join(named(policy, agent) for agent in report['coaching'])}")
    for entry in report["capped"]:
        shares = ", ".join(f"{tier} {share:.0%}" for tier, share in entry["due"].items())
        lines.append(f"{entry['rule']}: a lower tier would get more per head, so the shares are capped at {shares}")
    return lines


def _results(report: Mapping[str, Any], policy: Policy) -> None:
    rows = [
        [
            named(policy, entry["agent"]),
            str(entry["leads"]),
            str(entry["won"]),
            _number(entry["index"], ".2f"),
            _number(entry["rate"], ".1%"),
            "" if entry["rate"] is None else f"{entry['low']:.0%} to {entry['high']:.0%}",
            _shown_verdict(entry["verdict"]),
            tier_and_proposal(entry),
        ]
        for entry in report["agents"]
    ]
    compared = " and ".join(report["adjusted_for"]) or "nothing"
    columns = ("agent", "leads", "won", "index", "rate", "95 %", "", "tier")
    show_table(f"mature leads, compared by {compared}", columns, rows, right="_rrrrr")


def _shown_verdict(word: str) -> str | Text:
    return warning("below") if word == "below" else {"above": "above", "too_few": "too few", "within": ""}[word]


def tier_and_proposal(entry: Mapping[str, Any]) -> str:
    """`B`, or with a move in sight `B > A, review 1 of 2`."""
    if entry["proposed"] == entry["tier"]:
        return str(entry["tier"])
    return f"{entry['tier']} > {entry['proposed']}, {entry['reviews']['found']} of {entry['reviews']['needed']}"


def _figures(report: Mapping[str, Any], policy: Policy) -> None:
    rows = [
        [
            named(policy, entry["agent"]),
            str(figures["leads"]),
            _number(figures["conversion"], ".1%"),
            minutes_words(figures["contact_minutes"]),
            _number(figures["contacted_in_sla"], ".0%"),
            _number(figures["appointment_rate"], ".0%"),
            _number(figures["average_deal"], ",.0f"),
        ]
        for entry in report["agents"]
        for figures in [entry["figures"]]
    ]
    title = f"all leads received {report['figures']['from']} to {report['figures']['to']}, still growing"
    columns = ("agent", "leads", "won", "contact", "in time", "met", "mean deal")
    show_table(title, columns, rows, right="_rrrrrr")
    say("contact: median time to the first; met: leads with an appointment", "")


def _mix(report: Mapping[str, Any]) -> None:
    """A tier that lived on better leads than another would show here."""
    rows = [
        [
            mix["tier"],
            str(mix["leads"]),
            *(f"{mix['qualities'].get(quality, 0) / mix['leads']:.0%}" for quality in QUALITIES),
            main_sources(mix["sources"], mix["leads"]),
        ]
        for mix in report["mix"]
    ]
    if rows:
        show_table("what each tier was dealt", ("tier", "leads", *QUALITIES, "main sources"), rows, right="_rrrr")


def main_sources(sources: Mapping[str, int], leads: int) -> str:
    """The largest sources with their shares."""
    return ", ".join(f"{source} {count / leads:.0%}" for source, count in list(sources.items())[:SOURCES_SHOWN])


def _pledge(report: Mapping[str, Any], policy: Policy) -> None:
    rows = [
        [
            named(policy, member["agent"]),
            f"{member['kept']} of {member['promises']}",
            warning(str(member["missed"])) if member["missed"] else "0",
            "; ".join(leaving_words(member["leaving"])) or "nothing: no rule names the group alone",
        ]
        for member in report["pledge"]["members"]
    ]
    if rows:
        title = f"pledge of {report['pledge']['group']}: first contact within the promise"
        show_table(title, ("agent", "in time", "missed", "leaving would end"), rows, right="_rr")


def leaving_words(leaving: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a member would lose, rule by rule."""
    return [
        f"{entry['share']:.0%} of the turns of {entry['rule']} ({entry['leads']} of its {counted(entry['of'], 'lead')})"
        + ("" if entry["others"] else ", which then names nobody")
        for entry in leaving
    ]


def _number(value: float | None, shape: str) -> str:
    return "" if value is None else format(value, shape)
