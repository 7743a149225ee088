"""The two doors to the screen: what is written on them can command no terminal.

Lead files and configurations are cleaned where they come in; an argument, the name of a file or a database that
somebody edited is not, and all of them end here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from leadrouter.hostile import visible


class Door:
    """A stream on which everything unseen is spelled out.

    Rich, which commands the terminal by right, goes past it (`rich_proxied_file` is its own word for that); what it
    prints is cleaned in `reports.tables`.
    """

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        return self.rich_proxied_file.write(visible(text))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)
