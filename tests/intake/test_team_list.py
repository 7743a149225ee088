"""A spreadsheet's list of agents: which column is which, how people write their cells, and rows that make nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leadrouter.config.schema import AgentEntry
from leadrouter.errors import UnusableFile
from leadrouter.intake.team_list import ALIASES, DATES, LISTS, ROLES, TeamList, read_team

ReadList = Callable[..., TeamList]


@pytest.fixture
def read(tmp_path: Path) -> ReadList:
    def reading(text: str, dates: str | None = None) -> TeamList:
        path = tmp_path / "agents.csv"
        path.write_text(text, encoding="utf-8")
        return read_team(str(path), dates=dates)

    return reading


def only(team: TeamList) -> dict[str, str | list[str]]:
    (agent,) = team.agents
    assert team.left_out == []
    return dict(agent.entry)


def test_the_keys_are_those_of_the_configuration() -> None:
    """What the list says beyond them is how to reach people, and the halves of a name."""
    told = {"email", "phone", "first_name", "last_name", "active"}
    assert set(ALIASES) - told <= AgentEntry.known_keys()
    assert {*LISTS, *DATES} <= AgentEntry.known_keys()


def test_no_word_means_two_columns() -> None:
    words = [word.strip() for key, listed in ALIASES.items() for word in (key, *listed.split(","))]
    assert sorted(words) == sorted(set(words))
    roles = [word.strip() for role, listed in ROLES.items() for word in (role, *listed.split(","))]
    assert sorted(roles) == sorted(set(roles))


def test_a_list_as_a_spreadsheet_has_it(read: ReadList) -> None:
    team = read(
        "Full Name;E-mail;Mobile No.;Position;Weight;Areas;Languages;Start Date;Max Leads;Years;Shoe size\n"
        "Aina Yusof;aina@example.com;012-345 6789;Negotiator;1,5;Bangsar, Mont Kiara;ms/en;22/06/2020;20;12 years;38\n"
    )
    assert only(team) == {
        "name": "Aina Yusof", "role": "agent", "weight": "1.5", "territories": ["Bangsar", "Mont Kiara"],
        "languages": ["ms", "en"], "joined": "2020-06-22", "capacity": "20", "experience": "12",
    }  # fmt: skip
    assert team.agents[0].contact == "aina@example.com, 012-345 6789"
    assert team.ignored == ["Shoe size"]


@pytest.mark.parametrize(
    ("header", "cell", "key", "value"),
    [
        pytest.param("Share", "150%", "weight", "1.5", id="a percentage"),
        pytest.param("Weight", "1/2", "weight", "1/2", id="a fraction stays"),
        pytest.param("Weight", "much", "weight", "much", id="what is no weight is left to the check"),
        pytest.param("Role", "Team Leader", "role", "leader", id="a role by another name"),
        pytest.param("Role", "Senior Agent", "role", "agent", id="a role with a rank before it"),
        pytest.param("Role", "wizard", "role", "wizard", id="an unknown role is left to the check"),
        pytest.param("Joined", "2021-03-01", "joined", "2021-03-01", id="an ISO date"),
        pytest.param("Hire date", "1 Mar 2021", "joined", "2021-03-01", id="a month by name"),
        pytest.param("Postcodes", "50480; 59000-59200", "territories", ["50480", "59000-59200"], id="postcodes"),
        pytest.param("Grade", "A", "tier", "A", id="a tier"),
        pytest.param("Backup", "bala", "cover", "bala", id="a cover"),
    ],
)
def test_a_cell_is_read_as_people_write_it(
    header: str, cell: str, key: str, value: str | list[str], read: ReadList
) -> None:
    assert only(read(f"Name\t{header}\nAina\t{cell}\n"))[key] == value


def test_two_halves_make_a_name(read: ReadList) -> None:
    assert only(read("First name,Surname\nAina,Yusof\n"))["name"] == "Aina Yusof"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(",a@example.com,,", "the name is missing", id="no name"),
        pytest.param("Aina,aina,,", "the e-mail cannot be read", id="no e-mail"),
        pytest.param("Aina,,no,", "is not active", id="gone"),
        pytest.param("Aina,,,whenever", "joined cannot be read: use YYYY-MM-DD or ISO 8601", id="no date"),
        pytest.param("Bala,b@example.com,,", "is the same as line 2", id="somebody again"),
    ],
)
def test_a_row_that_makes_nobody_is_named_and_the_rest_goes_on(row: str, reason: str, read: ReadList) -> None:
    team = read(f"Name,Email,Active,Joined\nBala,b@example.com,yes,2020-01-01\n{row}\n,,,\nChong,,,\n")
    assert [agent.entry["name"] for agent in team.agents] == ["Bala", "Chong"]
    assert [tuple(entry) for entry in team.left_out] == [(3, reason)]


def test_dates_that_do_not_tell_are_asked_about(read: ReadList) -> None:
    with pytest.raises(UnusableFile, match="day first or month first"):
        read("Name,Joined\nAina,03/04/2021\n")
    assert only(read("Name,Joined\nAina,03/04/2021\n", dates="dmy"))["joined"] == "2021-04-03"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("Colour,Size\nred,3\n", "no column says who the agents are; found: Colour, Size", id="no names"),
        pytest.param("Name\n", "a header and no row", id="no rows"),
        pytest.param("", "the file is empty", id="nothing"),
    ],
)
def test_a_file_that_is_no_list_is_refused(text: str, why: str, read: ReadList) -> None:
    with pytest.raises(UnusableFile, match=why):
        read(text)
