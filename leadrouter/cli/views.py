"""`rotation`, `open`, `show`, `explain` and `log`: the everyday views. They write nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Annotated

import typer

from leadrouter.cli.completion import words_of
from leadrouter.cli.given import one_of
from leadrouter.cli.office import Office
from leadrouter.cli.options import LeadName, agent_option
from leadrouter.cli.records import Looking, expanded

if TYPE_CHECKING:
    from leadrouter.domain.policy import Policy

app = typer.Typer()


@app.command("rotation")
@expanded
def rotation(options: Looking) -> None:
    """Shows every rotation: who is next up, what each was due and received, and who is skipped now and why.

    Example: leadrouter rotation
    """
    from leadrouter.reports.turns import next_words, rotation_rows, rotations
    from leadrouter.reports.wording import print_json
    from leadrouter.store.desks import load_desk
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    with reading(office.connection):
        desk = load_desk(office.connection)
    view = rotations(desk, office.now)
    if options.as_json:
        print_json(view)
        return
    from leadrouter.reports.lines import say
    from leadrouter.reports.tables import show_table

    for entry in view["rotations"]:
        columns = ("", "agent", "weight", "due", "received", "owed", "")
        title = f"{entry['rotation']} ({entry['strategy']})"
        show_table(title, columns, rotation_rows(entry, desk.policy.policy), right=" _rrrr")
        say(next_words(entry, desk.policy.policy), "")


@app.command("open")
@expanded
def open_(
    options: Looking,
    agent: Annotated[str | None, agent_option("--agent", "List this agent's leads.")] = None,
) -> None:
    """Shows how many open leads each agent holds, and how many are overdue; with --agent, each lead.

    Example: leadrouter open --agent bala
    """
    from leadrouter.domain.naming import named
    from leadrouter.reports import everyday
    from leadrouter.reports.wording import print_json
    from leadrouter.store import queries, sweeps
    from leadrouter.store.transactions import reading
    from leadrouter.usecases.session import roster_agent

    office = Office(options.db, options.now)
    with reading(office.connection):
        policy = _policy(office.connection)
        if agent is not None:
            agent = roster_agent(policy, agent)
        leads = queries.open_leads(office.connection, agent)
        waiting = queries.waiting_leads(office.connection)
        asked, last = queries.requested_leads(office.connection), sweeps.last_sweep(office.connection)
    if agent:
        view = everyday.open_of_agent(leads, policy)
    else:
        view = everyday.open_by_agent(leads, waiting, asked, last, policy, office.now)
    if options.as_json:
        print_json(view)
        return
    from leadrouter.reports.lines import say
    from leadrouter.reports.tables import say_in, show_table

    if agent:
        columns, rows = everyday.open_lead_rows(leads, policy, office.now)
        title = f"open leads of {named(policy, agent)}"
    else:
        columns, rows = everyday.open_agent_rows(view, policy, office.now)
        title = "open leads"
    show_table(title, columns, rows, right="_rr_rrr" if not agent else "r")
    if not agent:
        say(*everyday.waiting_lines(view, policy))
        say_in(*everyday.last_sweep_line(last, office.now))


@app.command("show")
@expanded
def show(options: Looking, lead: LeadName) -> None:
    """Shows one lead: where it is, whom to call, since when, and what falls due next.

    Example: leadrouter show 17
    """
    from leadrouter.reports.lead import Said, closing_reason, lead_lines, lead_view, person_of
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import print_json
    from leadrouter.store import queries
    from leadrouter.store.leads import find_lead, read_facts
    from leadrouter.store.transactions import reading

    office = Office(options.db, options.now)
    with reading(office.connection):
        number = find_lead(office.connection, lead)
        row, facts = queries.lead(office.connection, number), read_facts(office.connection, number).facts
        history, notes = queries.history(office.connection, number), queries.notes(office.connection, number)
        policy = _policy(office.connection)
    said = Said(facts, closing_reason(history, notes, row.state))
    if options.as_json:
        print_json(lead_view(row, policy) | person_of(row, said, policy) | {"closing_reason": said.reason})
        return
    say(*(f"{label + ':':<19}{text}" for label, text in lead_lines(row, said, policy, office.now)))


@app.command("explain")
@expanded
def explain(
    options: Looking,
    lead: LeadName,
    agent: Annotated[str | None, agent_option("--agent", "Why not this one? Only what kept them from it.")] = None,
) -> None:
    """Says why this agent got the lead and why each other one did not: rules, skips, shares, credits.

    Example: leadrouter explain 17 --agent bala
    """
    from leadrouter.domain.naming import as_typed
    from leadrouter.reports import explanation, why_not
    from leadrouter.reports.lines import say
    from leadrouter.reports.wording import print_json
    from leadrouter.store import queries
    from leadrouter.store.leads import find_lead
    from leadrouter.store.transactions import reading
    from leadrouter.usecases.session import roster_agent

    office = Office(options.db, options.now)
    with reading(office.connection):
        number = find_lead(office.connection, lead)
        history = queries.history(office.connection, number)
        notes = queries.notes(office.connection, number)
        decisions = list(explanation.explained(office.connection, history))
        policy = _policy(office.connection)
        if agent is not None:
            agent = roster_agent(policy, agent)
            answered = why_not.answers(office.connection, decisions, agent)
            state = queries.lead(office.connection, number).state
    called = as_typed(lead)
    if agent is not None:
        if options.as_json:
            print_json(why_not.as_json(number, agent, answered, history))
        else:
            say(*why_not.lines(called, state, answered, history, policy, office.now))
        return
    if options.as_json:
        print_json(explanation.as_json(number, decisions, history))
        return
    explanation.show(called, decisions, history, notes, policy, office.now)


@app.command("log")
@expanded
def log(
    options: Looking,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="How many events.")] = 30,
    agent: Annotated[str | None, agent_option("--agent", "Only this agent's.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="Only this kind, as assigned, voided ...",
            autocompletion=words_of("leadrouter.domain.events", "KINDS"),
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also the bookkeeping events: panel, balance.")] = False,
) -> None:
    """Shows the latest events, newest first. Events hold no word of what a person said.

    Example: leadrouter log --kind transferred
    """
    from leadrouter.domain.events import KINDS
    from leadrouter.domain.naming import named
    from leadrouter.reports import everyday, happened
    from leadrouter.reports.wording import age, print_json
    from leadrouter.store import queries
    from leadrouter.store.transactions import reading
    from leadrouter.usecases.session import roster_agent

    if kind is not None:
        one_of(tuple(KINDS), kind, "--kind")
    office = Office(options.db, options.now)
    with reading(office.connection):
        policy = _policy(office.connection)
        if agent is not None:
            agent = roster_agent(policy, agent)
        events = queries.log(office.connection, limit, agent=agent, kind=kind, every=every or kind is not None)
    if options.as_json:
        print_json({"events": [everyday.event_view(event) for event in events]})
        return
    from leadrouter.reports.tables import show_table

    rows = [
        [
            str(event.seq), age(event.at, office.now), event.kind.replace("_", " "), str(event.lead or ""),
            named(policy, event.agent) if event.agent else "",
            event.by, happened.details(event, policy),
        ]
        for event in events
    ]  # fmt: skip
    show_table("", ("event", "ago", "what", "lead", "agent", "by", ""), rows, right="rr_r")


def _policy(connection: sqlite3.Connection) -> Policy:
    from leadrouter.store.policies import policy_in_force

    return policy_in_force(connection)
