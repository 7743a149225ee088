"""Telling people as the shell sees it: handed over after the commit, killed, without secrets, without the extra."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import NOBODY, Request, Webhook, a_mail_server, a_webhook

from .program import NOW, PATIENCE, Program, Result, wait_until

LATER = "2026-11-20T10:10+08:00"
SECRET = "zqsecret4711"  # noqa: S105 - what the tests look for
NO_NOTIFY = "--no-notify"


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with a_webhook() as hook:
        yield hook


def team(program: Program, *urls: str, more: str = "") -> None:
    """A team of one whose agent has these channels."""
    listed = ", ".join(f'"{url}"' for url in urls)
    program.file(
        "told.yaml",
        "team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina}\n"
        f"agents: [{{id: aina, name: Aina, notify: [{listed}]}}]\n{more}",
    )
    program.well("load", "told.yaml")


def states(program: Program) -> list[str]:
    return [state for (state,) in program.rows("SELECT state FROM notices ORDER BY notice")]


def all_delivered(program: Program) -> Callable[[], bool]:
    return lambda: set(states(program)) == {"delivered"}


# --- after the commit -----------------------------------------------------------------------------------------


def test_route_hands_over_and_the_agent_hears_of_it(program: Program, hook: Webhook) -> None:
    team(program, hook.url("aina"))
    program.well("route", "--email", "ann@example.com")
    wait_until(all_delivered(program), "the notice")
    assert hook.titles("aina") == ["Lead 1 is yours"]
    assert program.rows("SELECT made_at <= delivered_at, attempts FROM notices") == [(1, 1)]


def test_import_hands_over_what_it_dealt(program: Program, hook: Webhook) -> None:
    team(program, hook.url("aina"))
    program.file("leads.csv", "email\n" + "".join(f"person{number}@example.com\n" for number in range(10)))
    program.well("import", "leads.csv")
    wait_until(all_delivered(program), "ten notices")
    assert len(hook.received) == 10


def test_reclaim_delivers_itself_before_it_ends(program: Program, hook: Webhook) -> None:
    """Cron and systemd may end what their job leaves behind."""
    team(program, hook.url("aina"))
    program.well("route", "--email", "ann@example.com", NO_NOTIFY)
    program.well("reclaim", now="2026-11-20T12:00+08:00")
    assert states(program) == ["delivered", "delivered"]
    assert sorted(hook.titles("aina")) == ["Lead 1 is yours", "Lead 1 needs you"]


def test_with_no_notify_nothing_is_sent_until_notify_does(program: Program, hook: Webhook) -> None:
    team(program, hook.url("aina"))
    program.file("leads.csv", "email\nben@example.com\n")
    program.well("route", "--email", "dry@example.com", "--dry-run")
    program.well("route", "--email", "ann@example.com", NO_NOTIFY)
    program.well("import", "leads.csv", NO_NOTIFY)
    program.well("reclaim", NO_NOTIFY, now=LATER)
    assert hook.received == []
    assert states(program) == ["waiting", "waiting"]
    done = program.well("notify", "--json", now=LATER).data
    assert (done["delivered"], done["waiting"], len(hook.received)) == (2, 0, 2)


@pytest.mark.parametrize("command", ["route", "reclaim"])
def test_a_dead_service_neither_fails_nor_holds_up_what_was_to_be_done(command: str, program: Program) -> None:
    team(program, f"json://127.0.0.1:{NOBODY}/aina", more="notify: {attempts: 1, last_resort: off}\n")
    program.well("route", "--email", "first@example.com", NO_NOTIFY)
    arguments = ("--email", "ann@example.com") if command == "route" else ()
    result = program.run(command, *arguments, now=LATER)
    assert result.code == 0
    assert "lead 2" in result.out or "nothing due" in result.out
    if command == "reclaim":
        assert result.err == "error: 1 notice could not be delivered\n  see: leadrouter notify --list\n"
    else:
        assert result.err == ""
    wait_until(lambda: set(states(program)) == {"dead"}, "the end of the attempts")


def test_a_slow_service_does_not_hold_up_route(program: Program) -> None:
    over = threading.Event()

    def wait(request: Request) -> int:
        over.wait(PATIENCE)
        return 200

    with a_webhook(wait) as hook:
        team(program, hook.url("aina", "?rto=20"))
        program.well("route", "--email", "ann@example.com")
        wait_until(lambda: len(hook.received) == 1, "the attempt")
        assert states(program) == ["waiting"], "route has ended and the service still says nothing"
        over.set()
        wait_until(all_delivered(program), "the answer")


# --- killed ---------------------------------------------------------------------------------------------------


def test_a_process_killed_between_answer_and_mark_sends_a_second_copy_under_the_same_key(program: Program) -> None:
    """At least once: the service has accepted the message, the outbox does not know it. The file is locked while the
    service answers, so that the mark has to wait; then the process dies."""
    locked = threading.Event()

    def lock_first(request: Request) -> int:
        if not locked.is_set():
            holder.execute("BEGIN IMMEDIATE")
            locked.set()
        return 200

    with a_webhook(lock_first) as hook:
        team(program, hook.url("aina"))
        program.well("route", "--email", "ann@example.com", NO_NOTIFY)
        with closing(sqlite3.connect(program.database, isolation_level=None, check_same_thread=False)) as holder:
            with program.running("notify") as sender:
                assert locked.wait(PATIENCE)
                sender.kill()
                sender.communicate()
            holder.execute("ROLLBACK")
        assert states(program) == ["waiting"]
        assert program.problems() == []
        assert program.well("notify", "--json").data["delivered"] == 0, "its lease is not over"
        assert program.well("notify", "--json", now=LATER).data["delivered"] == 1
        assert program.well("notify", "--json", now=LATER).data["delivered"] == 0
        keys = [request.key for request in hook.received]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert states(program) == ["delivered"]


# --- the command ----------------------------------------------------------------------------------------------


def test_notify_says_what_it_did_and_exits_with_3_where_something_failed(program: Program, hook: Webhook) -> None:
    team(program, hook.url("aina"), f"json://127.0.0.1:{NOBODY}/aina")
    assert program.well("notify").out == "nothing to deliver\n"
    program.well("route", "--email", "ann@example.com", NO_NOTIFY)
    result = program.run("notify")
    assert result.code == 3
    assert result.out.splitlines() == [
        "1 notice delivered",
        "1 notice not delivered, 0 of them given up:",
        "  1 because the service could not be reached or did not accept it",
        "1 notice waiting, the next from Fri 20 Nov 10:01 on",
    ]
    assert program.well("notify", "--quiet").out == ""
    waiting = program.well("notify", "--list", "--json").data["waiting"]
    assert [(entry["kind"], entry["channel"], entry["trouble"]) for entry in waiting] == [
        ("assignment", "json-2", "not_accepted")
    ]
    assert "json-2" in program.well("notify", "--list").out


def test_what_was_given_up_is_listed_and_tried_again_on_request(program: Program) -> None:
    team(program, f"json://127.0.0.1:{NOBODY}/aina", more="notify: {attempts: 1, last_resort: off}\n")
    program.well("route", "--email", "ann@example.com", NO_NOTIFY)
    assert program.run("notify").code == 3
    assert len(program.well("notify", "--list", "--json").data["dead"]) == 1
    again = program.run("notify", "--retry", "--json")
    assert (again.code, again.data["dead"]) == (3, 1)
    assert program.run("notify", "--list", "--retry").code == 2


def test_a_trial_sends_one_message_over_each_channel_and_says_how_it_went(program: Program, hook: Webhook) -> None:
    with a_mail_server() as mails:
        team(program, hook.url("aina"), mails.url("aina"))
        assert program.well("notify", "--test", "aina").out == "json: delivered\nmailto: delivered\n"
        assert len(mails.accepted) == len(hook.received) == 1
    result = program.run("notify", "--test", "Aina", "--json")
    assert result.code == 3
    assert result.data["channels"] == [
        {"channel": "json", "trouble": None, "variable": None},
        {"channel": "mailto", "trouble": "not_accepted", "variable": None},
    ]
    assert program.run("notify", "--test", "@team").code == 2
    assert program.run("notify", "--test", "nobody").code == 2
    assert states(program) == []


def test_the_month_shows_how_long_it_took_until_they_were_told(program: Program, hook: Webhook) -> None:
    team(program, hook.url("aina"))
    program.well("route", "--email", "ann@example.com", NO_NOTIFY)
    program.well("notify", now=LATER)
    (line,) = program.well("report", "monthly", "--json").data["told"]
    assert (line["agent"], line["notices"]) == ("aina", 1)
    assert 10 <= line["median_minutes"] < 11
    assert "from assignment to notice" in program.well("report", "monthly").out


# --- secrets --------------------------------------------------------------------------------------------------


def test_no_secret_is_in_the_file_on_a_screen_or_in_an_error(program: Program) -> None:
    """Whatever happens: accepted, refused, unknown, in the login, in the path and in an option."""
    with a_webhook(lambda request: 500) as broken, a_webhook() as well:
        login, option = well.url("aina").replace("://", "://me:${TOKEN}@"), "?-key=${TOKEN}"
        program.file(
            "told.yaml",
            "team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina}\n"
            "agents:\n"
            f'  - {{id: aina, notify: ["{login}", "{broken.url("x/${TOKEN}")}", "{well.url("y", option)}"]}}\n'
            f'  - {{id: bala, notify: ["nonsense://${{TOKEN}}", "${{WHOLE}}", "slack://${{TOKEN}}"]}}\n'
            f'  - {{id: chong, notify: ["mailto://me:${{TOKEN}}@127.0.0.1:{NOBODY}?to=a@b.co", "ntfy://${{TOKEN}}@[bad"]}}\n',
        )
        env = {"TOKEN": SECRET, "WHOLE": f"json://127.0.0.1:{NOBODY}/{SECRET}"}
        program.file("leads.csv", "email\n" + "".join(f"p{number}@example.com\n" for number in range(3)))
        commands = [
            ("check", "told.yaml"), ("load", "told.yaml"), ("import", "leads.csv", NO_NOTIFY), ("notify", "--json"),
            ("notify", "--list"), ("notify", "--list", "--json"), ("notify", "--test", "aina"),
            ("notify", "--test", "bala", "--json"), ("notify", "--test", "chong"), ("log", "--all", "--json"),
            ("reclaim", "--json"), ("verify", "--json"), ("load", "told.yaml"),
        ]  # fmt: skip
        results = [program.run(*command, env=env, now=NOW) for command in commands]
        results.append(program.run("notify", env=env, now=LATER))
        assert any(SECRET in request.path for request in (*well.received, *broken.received)), "it was really used"
    for command, result in zip(commands, results, strict=False):
        assert "Traceback" not in result.err, command
        assert SECRET not in result.out + result.err, command
    assert program.count("notices") == 8
    for path in program.folder.iterdir():
        assert SECRET.encode() not in path.read_bytes(), path


# --- without the extra ----------------------------------------------------------------------------------------


HIDDEN = """\
import importlib.machinery
find = importlib.machinery.PathFinder.find_spec
def hidden(name, path=None, target=None):
    return None if name.split(".")[0] == "apprise" else find(name, path, target)
importlib.machinery.PathFinder.find_spec = hidden
"""


def without_apprise(folder: Path) -> dict[str, str]:
    """The environment of an installation that has no apprise."""
    hiding = folder / "hiding"
    hiding.mkdir(exist_ok=True)
    (hiding / "sitecustomize.py").write_text(HIDDEN, encoding="utf-8")
    return {"PYTHONPATH": str(hiding)}


def test_without_the_extra_everything_else_works_and_it_says_what_to_install(
    program: Program, tmp_path: Path, hook: Webhook
) -> None:
    env = without_apprise(tmp_path)
    team(program, hook.url("aina"))
    advice = program.run("check", "told.yaml", env=env)
    assert advice.code == 0
    assert "pip install 'leadrouter[notify]'" in advice.out
    routed = program.run("route", "--email", "ann@example.com", env=env)
    assert routed.code == 0
    assert "pip install 'leadrouter[notify]'" in routed.err
    swept = program.run("reclaim", "--json", env=env)
    assert swept.code == 0
    assert swept.error["code"] == "not_told"
    for arguments in ((), ("--test", "aina")):
        failed = program.run("notify", *arguments, env=env)
        assert failed == Result(1, "", failed.err)
        assert "pip install 'leadrouter[notify]'" in failed.err
    assert states(program) == ["waiting"], "no attempt was lost"
    assert program.run("notify", "--list", env=env).code == 0
    program.well("notify")
    assert states(program) == ["delivered"]
