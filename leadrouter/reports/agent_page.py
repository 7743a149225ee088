"""`report agent` as a page to hand to the agent: sentences first, then their own numbers beside the team's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain.speech import counted
from leadrouter.reports.columns import number, promises, time, words
from leadrouter.reports.page import Cell, Column, Page, Table, section
from leadrouter.reports.tiers_tables import leaving_words


def agent_page(report: Mapping[str, Any]) -> Page:
    """The letter as a page: the words, then the tables."""
    title = f"{report['name']}, {report['team']}: your results on {_date(report['date'])}"
    mixes = [
        Table(f"mix_{cut}", f"your mature leads by {cut}", entries, _mix_columns(cut))
        for cut, entries in report["mix"].items()
    ]
    target = f"your first contacts (target {report['target']:.0%} in time)"
    contacts = Table("first_contacts", target, report["contacts"], CONTACTS)
    return Page(title, list(paragraphs(report)), [], section("your leads", *mixes, contacts))


def _mix_columns(cut: str) -> list[Column]:
    return [
        words(cut, "name"), number("leads", "leads"), number("won", "won"), number("you", "rate", ".0%"),
        number("team", "team_rate", ".0%"),
    ]  # fmt: skip


CONTACTS = (
    words("quality", "quality"),
    promises("promised within"),
    Column("in time", lambda entry: Cell(f"{entry['kept']} of {entry['promises']}"), right=True),
    number("rate", "rate", ".0%"),
    time("your median", "median_minutes"),
)


def paragraphs(report: Mapping[str, Any]) -> Iterator[str]:
    """The page in words: results, tier, everything so far, pledge."""
    result = report["result"]
    if result is not None:
        yield " ".join(_results(report, result))
        yield " ".join(_tier(report, result))
    yield " ".join(_figures(report))
    if report["pledge"]["member"] is not None:
        yield " ".join(_pledge(report["pledge"]))


def _results(report: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[str]:
    age = f"{counted(report['mature_days'], 'day')} or older"
    if report["mature_share"] is not None:
        age += f", by when {report['mature_share']:.0%} of the team's wins had come"
    if not result["leads"]:
        yield f"None of your leads is mature yet, that is {age}."
    else:
        won = f"you won {result['won']} ({result['raw_rate']:.1%})"
        yield f"{counted(result['leads'], 'lead')} of yours {_are(result['leads'])} mature, that is {age}; {won}."
        yield from _comparison(report, result)
    young = result["young"]
    if young["leads"]:
        won = f"{young['won']} won already" if young["won"] else "none won yet"
        yield f"{young['leads']:,} more {_are(young['leads'])} younger; {won}."


def _comparison(report: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[str]:
    """What the team would have won from the same leads, and what can be said for all the chance in it."""
    if not report["team_result"]["won"]:
        yield "Nobody in the team has won a mature lead yet, so there is nothing to compare with."
        return
    compared = " and ".join(report["adjusted_for"])
    same = f"leads of the same {compared}" if compared else "as many leads"
    yield f"At the team's rates, {same} give {result['expected']:.1f} wins."
    yield (
        f"Allowing for chance, that is {result['index']:.2f} times the team's rate: with the team's mix of leads "
        f"{result['rate']:.1%}, where the team has {report['team_result']['rate_per_holder']:.1%}. Your true rate "
        f"lies between {result['low']:.0%} and {result['high']:.0%} (95 % interval)."
    )
    yield _VERDICTS[result["verdict"]]


_VERDICTS = {
    "above": "This is better than chance explains.",
    "below": "This is less than chance explains.",
    "within": "The difference is no greater than chance makes it, so it speaks neither for nor against you.",
    "too_few": "These are too few leads to judge anybody by.",
}


def _tier(report: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[str]:
    probation = result["finding"] == "probation"
    yield "You are in probation." if probation else f"Your tier is {result['tier']}."
    yield result["path"]
    last, following = report["review"]["last"], report["review"]["next"]
    yield (
        f"The last review was on {_date(last)}, the next is due on {_date(following)}."
        if last
        else ("There has been no review yet.")
    )
    if result["coaching_due"]:
        yield "Coaching is due: the latest reviews found results below the mark, and you can ask for it."


def _figures(report: Mapping[str, Any]) -> Iterator[str]:
    figures, period = report["figures"], report["period"]
    begin, end = _date(period["from"]), _date(period["to"])
    if not figures["leads"]:
        yield f"You held no lead that came in between {begin} and {end}."
        return
    yield f"Of all leads that came in between {begin} and {end}, young ones too, you held {figures['leads']:,}:"
    parts = [f"{figures['won']} won so far ({figures['conversion']:.1%})"]
    parts.append(f"{figures['appointments']} with an appointment ({figures['appointment_rate']:.0%})")
    if figures["average_deal"] is not None:
        parts.append(f"a mean deal of {figures['average_deal']:,.0f}")
    if figures["contacted_in_sla"] is not None:
        parts.append(f"{figures['contacted_in_sla']:.0%} of the first contacts in time")
    yield ", ".join(parts) + "."


def _pledge(pledge: Mapping[str, Any]) -> Iterator[str]:
    member = pledge["member"]
    kept = f"{member['kept']} of {member['promises']} first contacts in time, {member['missed']} missed"
    yield f"You are in the pledge of {pledge['group']}: {kept}."
    lost = leaving_words(member["leaving"])
    yield (
        f"Leaving it would end {'; '.join(lost)}."
        if lost
        else "No rule names the group alone, so leaving changes none."
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _date(text: str) -> str:
    """A date as people write it: 1 July 2026."""
    day = datetime.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"
