"""A page as one HTML file: no script, nothing from elsewhere, charts as SVG with their words, light, dark and on paper.

The handful of elements a report needs is put together by `tag`, which escapes whatever is not markup already; that is
shorter than a template and cannot forget to escape.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from pathlib import Path

from leadrouter.errors import WrongUsage
from leadrouter.hostile import visible
from leadrouter.reports.page import Bar, Cell, Column, Entry, Interval, Mark, Page, Section, Spark, Table

WIDTH, HEIGHT = 100, 12
"""The grid on which marks are drawn; the page stretches it."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


EMPTY = frozenset({"meta", "rect", "line", "circle", "polyline"})
"""Elements without content."""


def tag(element: str, /, *inside: str, **attributes: str | float) -> Markup:
    """An element. Text inside is escaped unless it is Markup; `class_` and `aria_label` lose and change their lines."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{_text(str(value))}"' for key, value in attributes.items())
    if element in EMPTY:
        return Markup(f"<{element}{given}>" if element == "meta" else f"<{element}{given}/>")
    content = "".join(part if isinstance(part, Markup) else _text(part) for part in inside)
    return Markup(f"<{element}{given}>{content}</{element}>")


def _text(words: str) -> str:
    return escape(visible(words))


def write_html(page: Page, path: Path) -> None:
    """Writes the page, replacing an earlier one. Raises WrongUsage where it cannot be written."""
    try:
        path.write_text(html_page(page), encoding="utf-8")
    except OSError as error:
        raise WrongUsage(f"{path}: cannot be written: {error.strerror}", "name another file") from None


def html_page(page: Page) -> str:
    """The whole document."""
    style = Markup((files("leadrouter.reports") / "page.css").read_text(encoding="utf-8"))
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        tag("title", page.title),
        tag("style", style),
    )
    alarms = [tag("ul", *(tag("li", f"! {alarm}") for alarm in page.alarms), class_="alarms")] if page.alarms else []
    top = tag("header", tag("h1", page.title), *(tag("p", sentence) for sentence in page.verdict), *alarms)
    index = tag(
        "nav", tag("ul", *(_link(place, part) for place, part in enumerate(page.sections))), aria_label="sections"
    )
    parts = [_section(place, part) for place, part in enumerate(page.sections)]
    body = tag("body", tag("main", top, index, *parts), tag("footer", tag("p", page.footer)))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _link(place: int, part: Section) -> Markup:
    return tag("li", tag("a", part.title, href=f"#part-{place}"))


def _section(place: int, part: Section) -> Markup:
    sentences = [tag("p", sentence) for sentence in part.sentences]
    tables = [_table(table, part.title) for table in part.tables]
    return tag("section", tag("h2", part.title), *sentences, *tables, id=f"part-{place}")


def _table(table: Table, above: str) -> Markup:
    """A table with its caption; on a small screen it scrolls by itself, also from the keyboard."""
    columns = table.filled()
    head = tag("thead", tag("tr", *(tag("th", column.title, scope="col", **_side(column)) for column in columns)))
    body = tag("tbody", *(_row(entry, columns) for entry in table.entries))
    caption = tag("caption", tag("span", table.title)) if table.title else tag("caption", above, class_="unseen")
    made = tag("table", caption, head, body)
    note = [tag("p", table.note, class_="note")] if table.note else []
    return tag(
        "div", tag("div", made, class_="wide", role="region", aria_label=table.title or above, tabindex="0"), *note
    )


def _row(entry: Entry, columns: list[Column]) -> Markup:
    first, *others = columns
    name = tag("th", *_inside(first.show(entry)), scope="row", **_side(first))
    return tag("tr", name, *(tag("td", *_inside(column.show(entry)), **_side(column)) for column in others))


def _side(column: Column) -> dict[str, str]:
    return {"class_": "right"} if column.right else {}


def _inside(cell: Cell) -> list[str]:
    if cell.mark is not None:
        return [drawn(cell.mark)]
    return [tag("strong", f"! {cell.text}", class_="alarm")] if cell.alarm else [cell.text]


# --- marks ----------------------------------------------------------------------------------------------------


def drawn(mark: Mark) -> Markup:
    """A mark as SVG that says in words what it shows."""
    if isinstance(mark, Bar):
        shapes = [tag("rect", x=0, y=2, width=_x(mark.length), height=HEIGHT - 4, class_="bar"), *_tick(mark.tick)]
    elif isinstance(mark, Interval):
        low, middle, high, half = _x(mark.low), _x(mark.middle), _x(mark.high), HEIGHT / 2
        shapes = [
            *_tick(mark.tick),
            tag("line", x1=low, x2=high, y1=half, y2=half, class_="range"),
            tag("circle", cx=middle, cy=half, r=3, class_="point"),
        ]
    else:
        shapes = _line(mark)
    return tag("svg", *shapes, viewBox=f"-3 0 {WIDTH + 6} {HEIGHT}", role="img", aria_label=mark.words)


def _tick(share: float | None) -> list[Markup]:
    return [] if share is None else [tag("line", x1=_x(share), x2=_x(share), y1=0, y2=HEIGHT, class_="tick")]


def _line(mark: Spark) -> list[Markup]:
    """The line of a spark, broken where there is no value, and a dot at its end."""
    known = [value for value in mark.values if value is not None]
    if not known:
        return []
    least, reach = min(known), (max(known) - min(known)) or 1
    step = WIDTH / max(1, len(mark.values) - 1)
    pieces: list[list[str]] = [[]]
    for place, value in enumerate(mark.values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(
                f"{round(place * step, 1)},{round(HEIGHT - 2 - (value - least) / reach * (HEIGHT - 4), 1)}"
            )
    lines = [tag("polyline", points=" ".join(piece), class_="spark") for piece in pieces if len(piece) > 1]
    last = [piece for piece in pieces if piece][-1][-1]
    return [*lines, tag("circle", cx=last.split(",")[0], cy=last.split(",")[1], r=2, class_="point")]


def _x(share: float) -> float:
    return round(min(1.0, max(0.0, share)) * WIDTH, 1)
