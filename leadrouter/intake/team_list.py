"""A list of agents as brokers keep it in a spreadsheet -> entries for a configuration, and rows that make none.

Only how cells are written is settled here: which column is which, several values in a cell, dates and numbers as people
type them. What a value may be is known to `config`, which checks what is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from leadrouter.errors import UnusableFile
from leadrouter.intake import cells
from leadrouter.intake.aliases import folded
from leadrouter.intake.cells import BadValue
from leadrouter.intake.orders import settle_order
from leadrouter.intake.sheet import naming, open_sheet
from leadrouter.intake.values import moment_reader

ALIASES = {
    # The key of the configuration comes first; capitals, spaces and punctuation make no difference.
    "name": "full name, agent name, agent, realtor, negotiator, consultant, broker name, member, nama, nama penuh, "
    "ejen",
    "first_name": "first, given name, forename",
    "last_name": "last, surname, family name",
    "id": "agent id, code, agent code, short name, nickname, login, username, user name",
    "email": "e mail, mail, email address, agent email, work email, emel",
    "phone": "phone number, phone no, mobile, mobile no, mobile number, mobile phone, cell, cell phone, tel, "
    "telephone, contact number, contact no, hp, no hp, no telefon, whatsapp",
    "role": "position, function, jawatan",
    "groups": "group, team, teams, squad, pod, department, agent department, office",
    "specialties": "specialty, speciality, specialities, specialisation, specialization, focus, expertise, services",
    "territories": "territory, area, areas, zone, zones, postcode, postcodes, zip, zip codes, neighbourhood, "
    "neighbourhoods, neighborhood, neighborhoods, district, districts, coverage, kawasan",
    "sources": "source, lead source, lead sources, portals",
    "languages": "language, languages spoken, speaks, bahasa",
    "channels": "channel",
    "weight": "share, turns, factor",
    "capacity": "max leads, max open leads, open leads, maximum, limit",
    "per_day": "leads per day, max per day, daily limit, daily cap",
    "per_hour": "leads per hour, max per hour, hourly limit",
    "price": "price band, price range, budget, prices",
    "tier": "grade, level, class",
    "experience": "years, years of experience, years experience, experience years",
    "hours": "working hours, work hours, office hours, schedule",
    "timezone": "time zone, tz",
    "joined": "joined on, join date, joining date, date joined, start date, started, hired, hire date, since",
    "left": "left on, leave date, leaving date, end date, last day, resigned",
    "cover": "covered by, backup, buddy, stand in",
    "notify": "notifications, tell",
    "active": "is active, enabled, status",
}
"""Key -> how a spreadsheet may call it."""

LISTS = ("groups", "specialties", "territories", "sources", "languages", "channels", "notify")
DATES = ("joined", "left")

ROLES = {
    "agent": "sales agent, realtor, negotiator, ren, rea, consultant, salesperson, advisor, associate, member",
    "isa": "inside sales, inside sales agent, telemarketer, qualifier",
    "leader": "team leader, team lead, lead, manager, sales manager, broker, principal, owner, boss, head",
}
GONE = frozenset(["no", "n", "false", "0", "inactive", "left", "resigned", "off", "disabled", "former"])

_KEYS = {folded(word): key for key, words in ALIASES.items() for word in (key, *words.split(","))}
_ROLES = {folded(word): role for role, words in ROLES.items() for word in (role, *words.split(","))}
_PARTED = re.compile(r"\s*[,;|/\n]\s*")
_POINTED = re.compile(r"\d+,\d+")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?) ?%")


class ListedAgent(NamedTuple):
    """One usable row: the keys of an agent's entry with text or lists of text, and how to reach them, for a remark."""

    line: int
    entry: Mapping[str, str | list[str]]
    contact: str


class LeftOut(NamedTuple):
    """One row that makes no agent, and why."""

    line: int
    reason: str


class TeamList(NamedTuple):
    """What a list holds: agents and rows left out, in its order, and the columns that mean nothing here."""

    name: str
    agents: Sequence[ListedAgent]
    left_out: Sequence[LeftOut]
    ignored: Sequence[str]


def read_team(source: str, *, dates: str | None = None, stdin: BinaryIO | None = None) -> TeamList:
    """The agents of a CSV or JSON lines file, or of standard input for `-`. `dates` is the order of day, month and
    year where they do not tell. Raises UnusableFile.
    """
    with naming(source), open_sheet(source, stdin) as sheet:
        rows = list(sheet)
        keys = _columns(sheet.header)
        if "name" not in keys and not {"first_name", "last_name"} & keys.keys() and "id" not in keys:
            listed = ", ".join(name.strip()[:40] for name in sheet.header[:40]) or "nothing"
            raise UnusableFile(f"no column says who the agents are; found: {listed}", "Call one of them Name.")
        dated = [sheet.header[keys[key]] for key in DATES if key in keys]
        order = dates or (settle_order(sheet, dated, rows, None) if dated else None)
        agents: list[ListedAgent] = []
        left_out: list[LeftOut] = []
        for line, row, fault in rows:
            if fault or not any(map(str.strip, row)):
                left_out += [LeftOut(line, fault)] if fault else []
                continue
            try:
                texts = {key: cells.one_line(row[place]) for key, place in keys.items() if place < len(row)}
                agents.append(_agent(line, texts, order))
            except BadValue as error:
                left_out.append(LeftOut(line, error.message))
        ignored = [name.strip() for place, name in enumerate(sheet.header) if place not in keys.values()]
    return TeamList(source, *_told_apart(agents, left_out), [name for name in ignored if name])


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Key -> column; of two that mean the same the first."""
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        key = _KEYS.get(folded(name))
        if key is not None:
            found.setdefault(key, place)
    return found


def _agent(line: int, texts: dict[str, str], order: str | None) -> ListedAgent:
    """One row as an entry; BadValue where it is none."""
    if (texts.pop("active", "") or "yes").casefold() in GONE:
        raise BadValue("is not active")
    halves = " ".join(part for part in (texts.pop("first_name", ""), texts.pop("last_name", "")) if part)
    name = texts.pop("name", "") or halves or texts.get("id", "")
    if not name:
        raise BadValue("the name is missing")
    entry: dict[str, str | list[str]] = {"name": name}
    email, phone = texts.pop("email", ""), texts.pop("phone", "")
    if email and cells.email(email) is None:
        raise BadValue("the e-mail cannot be read")
    for key, text in texts.items():
        if not text:
            continue
        if key in LISTS:
            entry[key] = [part for part in _PARTED.split(text) if part] if key != "notify" else text.split()
        elif key in DATES:
            entry[key] = moment_reader(key, "UTC", order)(text)[:10]
        elif key == "role":
            entry[key] = _role(text)
        elif key == "weight":
            entry[key] = _weight(text)
        elif key == "experience":
            entry[key] = re.sub(r"\s*(years?|yrs?)\.?$", "", text, flags=re.IGNORECASE)
        else:
            entry[key] = text
    return ListedAgent(line, entry, ", ".join(part for part in (email, phone) if part))


def _role(text: str) -> str:
    """The role that a title stands for, whole or by its last word, as in `Senior Agent`; else what is written."""
    return _ROLES.get(folded(text)) or _ROLES.get(folded(text.rpartition(" ")[2])) or text


def _weight(text: str) -> str:
    """`1,5` and `150%` as 1.5."""
    if hit := _PERCENT.fullmatch(text):
        return f"{float(hit[1].replace(',', '.')) / 100:g}"
    return text.replace(",", ".") if _POINTED.fullmatch(text) else text


def _told_apart(
    agents: Iterable[ListedAgent], left_out: list[LeftOut]
) -> tuple[Sequence[ListedAgent], Sequence[LeftOut]]:
    """The agents without rows that say the same person again."""
    first: dict[tuple[str, str], int] = {}
    kept = []
    for agent in agents:
        person = (str(agent.entry.get("id") or agent.entry["name"]).casefold(), agent.contact.casefold())
        if person in first:
            left_out.append(LeftOut(agent.line, f"is the same as line {first[person]}"))
            continue
        first[person] = agent.line
        kept.append(agent)
    return kept, sorted(left_out)
