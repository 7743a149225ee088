"""A file in which every command has been at work, and every field of a lead holds a word that can be looked for.

All persons are invented. MARKS are words that stand nowhere else: where one turns up, a person's own text got there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from .program import Program, Result

CONFIG = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina, capacity: 100}
agents:
  - {name: Aina, specialties: [luxury], weight: 1.5}
  - {name: Bala, specialties: [luxury]}
  - Chong
rules:
  - {name: luxury, when: {price: ">= 2000000"}, to: {specialty: luxury}, else: everyone}
  - {name: leftovers, when: {source: left}, then: pool}
  - {name: everyone, to: all}
acceptance: {hot: off, warm: off, cold: 8d}
"""
LATER_CONFIG = CONFIG.replace("  - Chong\n", "  - Chong\n  - Devi\n")
DESK_CONFIG = CONFIG.replace(
    "  - Chong\nrules:\n",
    "  - Chong\n  - {name: Ida, role: isa}\nrules:\n  - {name: first, when: {source: raw}, then: qualify}\n",
)

FIRST: dict[str, Any] = {
    "external_id": "zq-external", "name": "zqname", "email": "zqemail@example.com", "phone": "+60127310099",
    "source": "zqsource", "campaign": "zqcampaign", "cost": 7310.25, "intent": "zqintent", "property_type": "zqtype",
    "price": 731024.5, "postcode": "zq50480", "area": "zqarea", "lat": 3.731041, "lon": 101.731042,
    "language": "zqlanguage", "timeframe": "zqtimeframe", "quality": "hot", "tags": "zqtag", "features": "zqfeature",
    "preferred_channel": "zqchannel", "preferred_time": "zqtime", "message": "zqmessage <b>[red]zqmarkup[/red]</b>",
    "received_at": "2026-11-01T07:31:05Z", "requested_agent": "zqrequested", "zqkey": "zqcustom",
}  # fmt: skip
"""A lead with every field of CONTRACT, and one of its own."""

LEADS = """\
external_id,name,email,phone,price,source,quality,Pets
E-2,zqsecond Example,zqsecond@example.com,+60127310002,2500000,zqportal,,zqdog
E-3,zqthird Example,zqthird@example.com,+60127310003,300000,web,,zqcat
,zqfourth Example,zqfourth@example.com,+60127310004,450000,web,zqquality,
E-5,zqsecond Example,zqsecond@example.com,+60127310002,731055.5,web,,zqagain
E-6,zqsixth Example,zqsixth@example.com,+60127310006,450000,web,,
,zqnobody,,,,,,zqrejected
E-7,zqrich Example,zqrich@example.com,+60127310007,9310077.5,web,hot,
"""

MARKS = ("zq", "+60127310", "7310.25", "731024.5", "3.731041", "101.731042", "731055.5", "9310077.5", "07:31:05")
"""Every field above, every reason and every correction below holds one of these. None can be part of a hash."""


class Step(NamedTuple):
    """One command of the story: when it ran, what came of it, and what `verify` found in the file after it."""

    arguments: tuple[str, ...]
    result: Result
    problems: list[str]


class History(NamedTuple):
    """The finished file and how it came about."""

    program: Program
    steps: list[Step]


def live(folder: Path) -> History:
    """Tells the whole story with real processes."""
    program = Program(folder)
    program.file("team.yaml", CONFIG)
    program.file("later.yaml", LATER_CONFIG)
    program.file("desk.yaml", DESK_CONFIG)
    program.file("leads.csv", LEADS)
    program.file("outcomes.csv", "lead,what,value,reason\nE-3,rate,5,zqpleased\n")
    steps: list[Step] = []

    def on(moment: str, *arguments: str, stdin: str = "") -> None:
        result = program.run(*arguments, stdin=stdin, now=f"2026-11-{moment}+08:00")
        steps.append(Step(arguments, result, program.problems() if program.database.exists() else []))

    on("02T09:00", "init", "starter.yaml")
    on("02T09:01", "check", "team.yaml")
    on("02T10:00", "load", "team.yaml")
    on("02T10:05", "route", "-", stdin=json.dumps(FIRST))  # lead 1, hot
    on("02T10:06", "import", "leads.csv")  # leads 2 to 6, an inquiry on lead 2, a rejected row
    on("02T10:10", "load", "later.yaml")
    on("02T10:11", "rotation")
    on("02T10:12", "open")
    on("02T10:20", "contact", "id:1")
    on("02T10:21", "contact", "id:2", "--outcome", "no_answer", "--at", "2026-11-02T10:15+08:00")
    on("02T10:22", "won", "id:1", "--value", "480000")
    on("02T10:23", "void", "id:3", "--reason", "zqvoid")
    on("02T10:24", "reopen", "id:3", "--reason", "zqreopen")
    on("02T10:25", "transfer", "id:4", "--to", "bala", "--reason", "zqtransfer")
    on("02T10:26", "lost", "id:5", "--reason", "zqlost")
    on("02T10:27", "void", "id:6", "--reason", "zqjunk")
    edited = (
        "--name",
        "zqedited",
        "--email",
        "zqedited@example.com",
        "--phone",
        "+60127310055",
        "--set",
        "area=zqplace",
    )
    on("02T10:28", "edit", "id:4", *edited)
    on("02T10:29", "away", "bala", "--until", "2026-11-03")
    on("02T10:30", "credit", "chong", "1/2", "--rotation", "everyone", "--reason", "zqcredit")
    on("02T10:31", "back", "bala")
    on("02T10:32", "route", "--email", "zqseventh@example.com", "--requested-agent", "zqwanted")  # lead 7
    on("02T10:33", "route", "--email", "zqseventh@example.com", "--message", "zqmore")  # an inquiry on it
    on("06T11:00", "reclaim")
    on("06T11:01", "load", "team.yaml")  # devi leaves
    on("06T11:02", "reclaim")
    on("06T11:02", "route", "--email", "zqeighth@example.com", "--quality", "cold")  # lead 8, on offer
    on("06T11:02", "accept", "id:8")
    on("06T11:02", "route", "--email", "zqninth@example.com", "--quality", "cold")  # lead 9, on offer
    on("06T11:02", "decline", "id:9", "--reason", "zqdecline")  # on offer to somebody else
    on("06T11:02", "route", "--email", "zqtenth@example.com", "--source", "left")  # lead 10, in the pool
    on("06T11:02", "pool")
    on("06T11:02", "claim", "id:10", "--agent", "bala")
    on("06T11:02", "release", "id:10", "--reason", "zqrelease")
    on("06T11:02", "route", "--email", "zqeleventh@example.com")  # lead 11
    on("06T11:02", "appointment", "id:11")
    on("06T11:02", "no-show", "id:11")
    on("06T11:02", "appointment", "id:11")
    on("06T11:02", "extend", "id:8", "--days", "3", "--reason", "zqextend")
    on("06T11:02", "route", "--email", "zqtwelfth@example.com")  # lead 12
    on("06T11:02", "transfer", "id:12", "--to", "chong", "--reason", "zqmoved")
    on("06T11:02", "request", "id:12", "--agent", "bala", "--reason", "zqasked")
    on("06T11:02", "request", "id:12", "--refuse", "--reason", "zqrefused")
    on("06T11:02", "complaint", "bala", "--about", "zqcomplaint")
    on("06T11:02", "rate", "id:1", "4")
    on("06T11:02", "record", "outcomes.csv")
    on("06T11:02", "tiers", "--set", "chong=B", "--reason", "zqtier")
    on("06T11:02", "load", "desk.yaml")
    for person in ("zqthirteenth", "zqfourteenth", "zqfifteenth"):  # leads 13 to 15, to be qualified
        on("06T11:02", "route", "--email", f"{person}@example.com", "--source", "raw")
    on("06T11:02", "handoff", "id:13", "--reason", "zqready")
    on("06T11:02", "incubate", "id:14", "--reason", "zqlater")
    on("06T11:02", "touch", "id:14", "--intent", "no", "--next", "2026-11-07", "--reason", "zqtouched")
    on("06T11:02", "route", "--email", "zqforgotten@example.com", "--source", "web")  # lead 16
    on("06T11:03", "forget", "id:16")
    on("06T11:03", "export", "id:4")
    on("06T11:03", "show", "id:4")
    on("06T11:04", "explain", "id:4")
    on("06T11:05", "log")
    on("06T11:06", "report", "monthly")
    for cut in ("source", "territory", "quality", "method", "trend"):
        on("06T11:06", "report", cut)
    on("06T11:06", "dashboard")
    on("06T11:07", "notify")
    on("06T11:06", "policy")
    on("06T11:06", "simulate", "later.yaml")
    on("07T09:00", "due")
    on("07T09:00", "report", "isa")
    on("07T09:07", "verify")
    on("07T09:08", "backup", "copy.db")
    return History(program, steps)
