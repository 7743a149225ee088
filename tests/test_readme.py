"""The README is true: its console blocks are run on the sample files, and what they show is what comes out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from leadrouter.config.reference import reference_table

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
LAST_OF_OCTOBER = "2026-10-31T18:00+08:00"
REFUSED = 7


A_HEAD = sha256(b"an example").hexdigest()
"""What stands for the hash of the chain's head, which random salts make another one each time."""


def run(command: str, folder: Path, exported: dict[str, str]) -> str:
    """What a console line prints in the folder with the sample files, unless it says otherwise at the end of October
    2026: on stdout, or why it was refused.
    """
    if command.startswith("export "):
        name, _, value = command.removeprefix("export ").partition("=")
        exported[name] = value
        return ""
    done = in_a_shell(command, folder, {"LEADROUTER_NOW": LAST_OF_OCTOBER, **exported})
    assert done.returncode in (0, 3, REFUSED), done.stderr
    shown = done.stderr if done.returncode == REFUSED else done.stdout
    return as_shown(shown)


def in_a_shell(command: str, folder: Path, exported: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("LEADROUTER_")},
        "COLUMNS": "80",
        **exported,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def as_shown(output: str) -> str:
    lines = "\n".join(line.rstrip() for line in output.rstrip().splitlines())
    return re.sub(r"\b[0-9a-f]{64}\b", A_HEAD, lines)


def test_every_console_block_and_the_reference_show_what_comes_out(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for sample in ("sample_config.yaml", "sample_leads.csv"):
        shutil.copy(ROOT / sample, tmp_path)
    text = README.read_text(encoding="utf-8")
    for name, policy in re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", text, flags=re.DOTALL):
        (tmp_path / name).write_text(policy, encoding="utf-8")
    rewritten, exported = text, dict[str, str]()
    for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
        shown = []
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, _ = part.partition("\n")
            output = run(command, tmp_path, exported)
            shown.append(f"$ {command}\n" + (f"{output}\n" if output else ""))
        rewritten = rewritten.replace(f"```console\n{block}```", f"```console\n{''.join(shown)}```")
    rewritten = re.sub(
        r"(?<=<!-- the reference -->\n).*?(?=<!-- its end -->)", lambda _: reference_table(), rewritten, flags=re.DOTALL
    )
    if request.config.getoption("--rewrite"):
        README.write_text(rewritten, encoding="utf-8")
    assert text.count("```console") >= 3
    assert text.count("<!-- the reference -->\n| key |") == 1
    assert rewritten == README.read_text(encoding="utf-8")


def test_the_first_command_ends_with_the_picture_of_the_month(tmp_path: Path) -> None:
    """After what sets it up, which is the surroundings of this very test."""
    for sample in ("sample_config.yaml", "sample_leads.csv"):
        shutil.copy(ROOT / sample, tmp_path)
    text = README.read_text(encoding="utf-8")
    command = text.split("## Two commands\n")[1].split("```bash\n")[1].split("\n```")[0]
    assert "\n" not in command
    setting_up, _, job = command.partition(" && (")
    assert "python3 -m venv" in setting_up
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    done = in_a_shell(f"({job}", tmp_path, {})
    picture = text.split("```text\n")[1].split("\n```")[0].split("\n...\n")
    assert done.returncode == 0, done.stderr
    assert [part for part in picture if part not in as_shown(done.stdout)] == []
    for told in ("is on time off", "taken back", "To look into", "By turns, everyone is within one lead"):
        assert told in done.stdout


@pytest.mark.parametrize("model", ["Send at once", "Qualify, then assign", "Incubate until ready"])
def test_each_desk_model_is_shown_in_under_twenty_lines(model: str) -> None:
    section = README.read_text(encoding="utf-8").split(f"### {model}\n")[1].split("\n##")[0]
    blocks = re.findall(r"```(?:yaml|console)\n(.*?)```", section, flags=re.DOTALL)
    assert len(blocks) == 2
    assert sum(len(block.splitlines()) for block in blocks) < 20


def test_the_test_command_is_the_one_that_the_checks_run() -> None:
    text = README.read_text(encoding="utf-8")
    command = text.split("<!-- test command -->\n```bash\n")[1].split("\n```")[0]
    assert command.endswith("pytest -n auto")
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_named_in_the_readme() -> None:
    from leadrouter.cli.app import COMMANDS

    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`{name}" not in text] == []


def test_every_link_within_the_readme_leads_to_a_heading() -> None:
    text = re.sub(r"```.*?```", "", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert len(links) > 20
    assert links - anchors == set()
