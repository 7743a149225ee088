"""One report in four forms: on a screen of 80 and of 120 columns (golden), as a page, as files, as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from leadrouter.hostile import visible
from leadrouter.reports import on_screen
from leadrouter.reports.csv_files import write_csv
from leadrouter.reports.cuts import cut_report, method_report, trend_report
from leadrouter.reports.cuts_page import cut_page, trend_page
from leadrouter.reports.html_page import html_page, tag
from leadrouter.reports.monthly_page import monthly_page
from leadrouter.reports.page import Bar, Column, Interval, Page, Section, Spark, Table
from leadrouter.reports.page import Cell as PageCell
from tests.reports.story import MARK, POLICY
from tests.usecases.house import House

GOLDEN = Path(__file__).parent.parent / "golden"
DATES = ("2026-08-01", "2026-10-31")


def pages(house: House, october: dict[str, Any]) -> dict[str, tuple[dict[str, Any], Page]]:
    """Every report of the story: its data and its page."""
    connection, now = house.connection, house.now
    cuts = {cut: cut_report(connection, POLICY, cut, DATES, now) for cut in ("source", "territory", "quality")}
    cuts["method"] = method_report(connection, POLICY, (), DATES, now)
    trend = trend_report(connection, POLICY, "2026-10", now)
    found = {f"report_{cut}": (data, cut_page(data, POLICY)) for cut, data in cuts.items()}
    return found | {
        "report_monthly": (october, monthly_page(october, POLICY)),
        "report_trend": (trend, trend_page(trend, POLICY)),
    }


NAMES = ("report_monthly", "report_source", "report_territory", "report_quality", "report_method", "report_trend")


@pytest.fixture(scope="module")
def every(house: House, october: dict[str, Any]) -> dict[str, tuple[dict[str, Any], Page]]:
    return pages(house, october)


def shown(page: Page, width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a terminal of this width shows; the hash of the head, which salts make another one each time, as zeros."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("COLUMNS", str(width))
    on_screen.show_page(page)
    lines = [re.sub(r"[0-9a-f]{64}", "0" * 64, line.rstrip()) for line in out.getvalue().splitlines()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", NAMES)
def test_the_screen_shows_what_a_person_has_read_and_kept(
    name: str, width: int, every: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    text, golden = shown(every[name][1], width, monkeypatch), GOLDEN / f"{name}_{width}.txt"
    if request.config.getoption("--rewrite"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("name", NAMES)
def test_nothing_a_person_said_is_in_any_form(
    name: str, every: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, page = every[name]
    files = [path.read_text(encoding="utf-8") for path in write_csv(page, tmp_path, {"month": "2026-10"})]
    for text in (json.dumps(data), html_page(page), shown(page, 120, monkeypatch), *files):
        assert MARK not in text
        assert "@example.com" not in text


# --- the page -------------------------------------------------------------------------------------------------

VOID = {"meta", "rect", "line", "circle", "polyline"}


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in turn, what is linked, what is drawn and told."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.drawings: list[str | None] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), f"an attribute twice in {tag}"
        self.elements.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag == "svg":
            self.drawings.append(given.get("aria-label"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_whole_and_stands_alone(name: str, every: Any) -> None:
    text = html_page(every[name][1])
    reader = Reader(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert len(set(reader.ids)) == len(reader.ids)
    assert set(reader.links) == {f"#{name}" for name in reader.ids}
    for element, given in reader.elements:
        assert element not in ("script", "img", "link", "iframe")
        assert not any(key in given for key in ("src", "onclick", "style"))
    assert not re.search(r"https?://|url\(", text)
    assert any((given.get("content") or "").startswith("default-src 'none';") for _, given in reader.elements if given)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_can_be_read_without_seeing_it(name: str, every: Any) -> None:
    """Every table has a caption and headers that say what they head, every drawing its words, every part a heading."""
    page: Page = every[name][1]
    reader = Reader(html_page(page))
    kinds = [element for element, _ in reader.elements]
    tables = sum(len(part.tables) for part in page.sections)
    assert kinds.count("table") == kinds.count("caption") == kinds.count("thead") == tables > 0
    assert all(given.get("scope") in ("col", "row") for element, given in reader.elements if element == "th")
    assert all(reader.drawings)
    assert kinds.count("h1") == 1
    assert kinds.count("h2") == len(page.sections)
    assert ("title", {}) in reader.elements
    columns = [column.title for part in page.sections for table in part.tables for column in table.columns]
    assert all(columns), "a column without a title cannot be told"


def test_the_page_says_all_that_the_screen_says(every: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page: Page = every["report_monthly"][1]
    told = " ".join(" ".join(Reader(html_page(page)).words).split())
    for sentence in (*page.verdict, *page.alarms, page.footer):
        assert sentence in told
    for part in page.sections:
        for table in part.tables:
            for column in table.columns:
                for entry in table.entries:
                    assert column.show(entry).text in told


def test_colours_are_far_enough_apart_to_be_read() -> None:
    """WCAG 2.2, 1.4.6: 7 to 1 for text, in the light and in the dark; 1.4.11: 3 to 1 for what is drawn."""
    text = html_page(Page("x", [], [], []))
    for block in re.findall(r":root \{([^}]*--paper[^}]*)\}", text):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
        for ink in ("ink", "soft"):
            assert contrast(colours[ink], colours["paper"]) >= 7
            assert contrast(colours[ink], colours["band"]) >= 7
        assert contrast(colours["alarm"], colours["alarm-paper"]) >= 7
        assert contrast(colours["alarm"], colours["paper"]) >= 7
        for drawn in ("bar", "tick"):
            assert contrast(colours[drawn], colours["paper"]) >= 3


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def a_table(name: str) -> Page:
    entries = [{"name": name, "n": -3, "inside": {"a": 1, "b": None}, "several": ["x", "y"]}]
    columns = (
        Column("name", lambda entry: PageCell(entry["name"])),
        Column("n", lambda entry: PageCell(str(entry["n"]))),
    )
    return Page("t", [], [], [Section("s", [], [Table("t", "", entries, columns)])])


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x>', "a & b", "&lt;", "[red]x[/red]", "\x1b[31m"]
)
def test_a_name_from_outside_is_never_markup(name: str) -> None:
    reader = Reader(html_page(a_table(name)))
    assert not {"script", "img"} & {element for element, _ in reader.elements}
    assert visible(name) in "".join(reader.words)
    assert tag("p", name) == tag("p", name)
    assert tag("p", title=name).count('"') == 2


# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx", "\n=1", " =1", "＝1+1", "＋60", "－1", "＠x"])
def test_no_cell_of_a_file_becomes_a_formula(name: str, tmp_path: Path) -> None:
    (path,) = write_csv(a_table(name), tmp_path / "new", {"month": "2026-10"})
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {"month": "2026-10", "name": f"'{name}", "n": "-3", "inside_a": "1", "inside_b": "", "several": "x y"}


@pytest.mark.parametrize("name", ["\r=1", "\x00=1", "\u200b=1", "\u202e=1"])
def test_no_formula_hides_behind_what_a_spreadsheet_drops(name: str, tmp_path: Path) -> None:
    (path,) = write_csv(a_table(name), tmp_path / "new", {})
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["name"] == f"\\u{ord(name[0]):04x}=1"


def test_the_files_hold_every_figure_that_json_has(every: Any, tmp_path: Path) -> None:
    data, page = every["report_monthly"]
    write_csv(page, tmp_path, {"month": "2026-10"})
    for cut, entries in data["conversion"].items():
        with (tmp_path / f"conversion_{cut}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["name"] for row in rows] == [entry["name"] for entry in entries]
        assert [int(row["won"]) for row in rows] == [entry["won"] for entry in entries]
        assert [row["low"] for row in rows] == ["" if e["low"] is None else str(e["low"]) for e in entries]
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in tmp_path.glob("distribution*.csv"))
    assert lines == len(data["distribution"])


# --- marks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "drawn"),
    [
        pytest.param(Bar(0.5, None, ""), "████", id="half a bar"),
        pytest.param(Bar(0, 1, ""), "       |", id="nothing of what was due"),
        pytest.param(Bar(1, 0, ""), "┃███████", id="all of nothing"),
        pytest.param(Bar(1 / 16, None, ""), "▌", id="a part of a character"),
        pytest.param(Interval(0, 0.5, 1, None, ""), "────●───", id="an interval"),
        pytest.param(Interval(0.5, 0.6, 1, 0, ""), "|   ●───", id="beside what it is compared with"),
        pytest.param(Spark((1, None, 3, 2), ""), "▁ █▅", id="a gap in a line"),
        pytest.param(Spark((), ""), "", id="no line"),
    ],
)
def test_marks_are_drawn_with_characters(mark: Any, drawn: str) -> None:
    assert on_screen.drawn(mark, 8) == drawn
