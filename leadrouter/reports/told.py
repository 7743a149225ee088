"""What `notify` prints: what was delivered, what waits and was given up, and how a trial went. Never an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.events import iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.domain.wordings import TROUBLES
from leadrouter.reports.lines import say
from leadrouter.reports.wording import age, print_json
from leadrouter.store.outbox import Answer, Counts, Delivered, Entry


def show_delivered(done: Delivered, left: Counts, policy: Policy, *, as_json: bool, quiet: bool) -> None:
    """What one run did, and what is left."""
    if as_json:
        print_json(
            {
                "delivered": done.delivered,
                "overtaken": done.overtaken,
                "failed": done.failed,
                "dead": done.dead,
                "troubles": dict(done.troubles),
                "waiting": left.waiting,
                "given_up": left.dead,
                "next_try": left.next_try,
            }
        )
        return
    lines = []
    if done.delivered or done.overtaken:
        overtaken = f", {done.overtaken:,} no longer needed" if done.overtaken else ""
        lines.append(f"{counted(done.delivered, 'notice')} delivered{overtaken}")
    if not (done.failed or done.dead):
        if not quiet:
            lines = lines or ["nothing to deliver"]
            say(*lines, *_waiting(left, policy))
        return
    lines.append(f"{counted(done.failed + done.dead, 'notice')} not delivered, {done.dead:,} of them given up:")
    lines += [f"  {count:,} because {TROUBLES[trouble]}" for trouble, count in sorted(done.troubles.items())]
    say(*lines, *_waiting(left, policy))


def _waiting(left: Counts, policy: Policy) -> list[str]:
    lines = []
    if left.waiting and left.next_try:
        following = wall_clock(datetime.fromisoformat(left.next_try), policy.team.timezone)
        lines.append(f"{counted(left.waiting, 'notice')} waiting, the next from {following} on")
    if left.dead:
        lines.append(f"{counted(left.dead, 'notice')} given up; see: leadrouter notify --list")
    return lines


def show_list(entries: Sequence[Entry], policy: Policy, now: datetime, *, as_json: bool) -> None:
    """What waits, and what was given up."""
    by_state = {state: [entry for entry in entries if entry.state == state] for state in ("waiting", "dead")}
    if as_json:
        print_json({state: [_view(entry) for entry in listed] for state, listed in by_state.items()})
        return
    if not entries:
        say("nothing waits to be told, and nothing was given up")
        return
    from leadrouter.reports.tables import show_table

    for state, title in (
        ("waiting", "waiting to be told"),
        ("dead", "given up; try again with: leadrouter notify --retry"),
    ):
        rows = [_row(entry, policy, now) for entry in by_state[state]]
        if rows:
            show_table(title, ("made", "what", "lead", "to", "over", "tries", "next", "why"), rows, right="  r  r")


def _row(entry: Entry, policy: Policy, now: datetime) -> list[str]:
    notice = entry.notice
    return [
        f"{age(notice.at, now)} ago", notice.kind, str(notice.lead or ""), named(policy, notice.person), notice.channel,
        str(entry.attempts), _next(entry.try_at, now), (entry.trouble or "").replace("_", " "),
    ]  # fmt: skip


def _next(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    return "now" if at <= now else age(at, now)


def _view(entry: Entry) -> dict[str, Any]:
    notice = entry.notice
    return {
        "notice": entry.number,
        "about": notice.about,
        "kind": notice.kind,
        "event": notice.event,
        "lead": notice.lead,
        "person": notice.person,
        "channel": notice.channel,
        "made_at": iso(notice.at),
        "attempts": entry.attempts,
        "try_at": iso(entry.try_at) if entry.try_at else None,
        "trouble": entry.trouble,
    }


def show_test(answers: Sequence[Answer], *, as_json: bool, quiet: bool) -> None:
    """How each channel took a message."""
    if as_json:
        print_json({"channels": [answer._asdict() for answer in answers]})
        return
    for answer in answers:
        if answer.trouble or not quiet:
            missing = f" ({answer.variable})" if answer.variable else ""
            say(f"{answer.channel}: {TROUBLES[answer.trouble] if answer.trouble else 'delivered'}{missing}")
