"""The policy file: YAML in, a Policy or every problem with its line out; nothing half-loaded.

The way is source -> document -> compile -> advice. pydantic and yaml are imported inside this package alone, and
`route` must start without them: import this package only in the commands that read a configuration.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from leadrouter.config.advice import Advice, advise
from leadrouter.config.compile import compile_policy
from leadrouter.config.document import read_document
from leadrouter.config.problems import InvalidConfiguration, Problem
from leadrouter.config.source import Source, read_source, source_of
from leadrouter.config.starter import SCHEMA_FILE, starter_text
from leadrouter.domain.policy import Policy

__all__ = [
    "SCHEMA_FILE",
    "Advice",
    "Configuration",
    "InvalidConfiguration",
    "Problem",
    "read_config",
    "read_written",
    "starter_text",
]


class Configuration(NamedTuple):
    """A valid file: what it means, what is unwise in it, and its text as it was read."""

    policy: Policy
    advice: tuple[Advice, ...]
    text: str


def read_config(path: Path) -> Configuration:
    """Reads and checks a policy file; raises InvalidConfiguration with all its problems."""
    return _compiled(read_source(path))


def read_written(text: str, name: str) -> Configuration:
    """The same of a text that is in no file yet."""
    return _compiled(source_of(text, name))


def _compiled(source: Source) -> Configuration:
    text, tree, findings = source
    document = read_document(tree, findings)
    policy = compile_policy(document, findings)
    if findings.places():
        raise InvalidConfiguration(findings.problems())
    return Configuration(policy, advise(policy, document, findings), text)
