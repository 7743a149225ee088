"""Merit: how good agents' results are once their mix of leads and chance are taken out. Counts in, judgements out.

The arithmetic and its sources are in `shrinkage`; here is who is judged, what is said of them, and how often that may
be wrong. No tier and no move is decided (that is `reviews`); no lead, no date and no policy in force is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from leadrouter.domain import gamma, metrics
from leadrouter.domain.metrics import CONFIDENCE
from leadrouter.domain.policy import Tiers
from leadrouter.domain.shrinkage import Belief, Evidence, Fit, Kind

AT_LEAST = Tiers().leads
"""Mature leads below which nobody is judged where no policy says otherwise: too few (DOMAIN section 7)."""

ERROR_RATE = 0.05
"""In this share of teams whose agents differ by chance alone, at most, is anybody called above or below."""

TAIL = (1 - CONFIDENCE) / 2


class Held(NamedTuple):
    """So many leads of one kind that an agent held, and how many of these the agent won."""

    agent: str
    kind: Kind
    leads: int
    won: int


@dataclass(frozen=True, slots=True)
class Merit:
    """One agent's results, judged.

    `expected` are the wins that the team's rates would have given for the same leads, `index` is observed / expected,
    shrunk. `rate` is the conversion rate with the team's mix of leads, index times the team's rate; `low` to `high`
    hold the true one with 95 % probability. `verdict`: above or below the team, within what chance does, or too_few.
    """

    agent: str
    leads: int
    won: int
    expected: float
    index: float
    rate: float
    low: float
    high: float
    verdict: str
    team_rate: float
    evidence: Evidence | None

    def chance_above(self, mark: float, won: int | None = None) -> float:
        """The probability that the true rate is above a mark; `won` asks the same of other wins from these leads."""
        if self.evidence is None:
            return 0.0
        return 1.0 - self.evidence.belief(self.won if won is None else won).below(mark / self.team_rate)


class TeamMerit(NamedTuple):
    """A team judged: its leads as often as they were held, the wins, their rate (None without leads), and each agent's
    merit by id.
    """

    leads: int
    won: int
    rate: float | None
    agents: Mapping[str, Merit]


def judge(held: Iterable[Held], at_least: int = AT_LEAST) -> TeamMerit:
    """Judges everybody who held leads, each against the whole team.

    A lead counts for everyone who held it, its win for the last of them; void and immature leads are left out by the
    caller. Entries of one agent and kind are added up, in any order.
    """
    counts: dict[tuple[str, Kind], tuple[int, int]] = {}
    for agent, kind, leads, won in held:
        if leads:
            before = counts.get((agent, kind), (0, 0))
            counts[agent, kind] = (before[0] + leads, before[1] + won)
    cells = dict(sorted(counts.items()))
    leads, won = (sum(cell[place] for cell in cells.values()) for place in (0, 1))
    if not won:
        return _nothing_won(cells, leads, at_least)
    fit = Fit(cells)
    verdicts = _verdicts(fit, at_least)
    return TeamMerit(leads, won, fit.rate, {agent: _merit(fit, agent, verdicts[agent]) for agent in fit.agents})


def _merit(fit: Fit, agent: str, verdict: str) -> Merit:
    belief = fit.evidence[agent].belief(fit.wins[agent])
    index, low, high = belief.mean, belief.quantile(TAIL), belief.quantile(1 - TAIL)
    return Merit(
        agent, fit.leads[agent], fit.wins[agent], fit.expected[agent], index, index * fit.rate, low * fit.rate,
        high * fit.rate, _sober(verdict, belief), fit.rate, fit.evidence[agent],
    )  # fmt: skip


def _nothing_won(cells: Mapping[tuple[str, Kind], tuple[int, int]], total: int, at_least: int) -> TeamMerit:
    """While nobody has won anything, all there is to say is how high a rate can be."""
    agents: dict[str, int] = {}
    for (agent, _), (leads, _) in cells.items():
        agents[agent] = agents.get(agent, 0) + leads
    merits = {
        agent: Merit(
            agent, leads, 0, 0.0, 1.0, 0.0, 0.0, metrics.rate(0, leads).high or 0.0,
            "too_few" if leads < at_least else "within", 0.0, None,
        )
        for agent, leads in agents.items()
    }  # fmt: skip
    return TeamMerit(total, 0, 0.0 if total else None, merits)


# --- verdicts -------------------------------------------------------------------------------------------------


def _verdicts(fit: Fit, at_least: int) -> dict[str, str]:
    """above, below, within or too_few; over all who are judged together the error rate is at most ERROR_RATE.

    For each, how probable it is that somebody of exactly the team's rates is as far off with the same leads. These are
    held against ever milder marks, the least probable first (S. Holm, Scandinavian J. Statistics 6, 1979, 65-70).
    """
    verdicts = {agent: "within" if fit.leads[agent] >= at_least else "too_few" for agent in fit.agents}
    tails = [(agent, *_tails(fit, agent)) for agent, verdict in verdicts.items() if verdict == "within"]
    tails.sort(key=lambda entry: min(entry[1:]))
    for place, (agent, as_many, as_few) in enumerate(tails):
        if 2 * min(as_many, as_few) > ERROR_RATE / (len(tails) - place):
            break
        verdicts[agent] = "above" if as_many < as_few else "below"
    return verdicts


def _tails(fit: Fit, agent: str) -> tuple[float, float]:
    """The probabilities of at least and of at most as many wins at the team's rates.

    By the identity of Poisson and gamma tails, on counts scaled to the variance of wins, with the half win that a
    whole number stands for.
    """
    dispersion, won = fit.dispersion(agent, 1.0), fit.wins[agent]
    expected = fit.expected[agent] / dispersion
    as_many = gamma.below(expected, (won - 0.5) / dispersion + 0.5) if won else 1.0
    return as_many, 1.0 - gamma.below(expected, (won + 0.5) / dispersion + 0.5)


def _sober(verdict: str, belief: Belief) -> str:
    """Who is called above or below is so by the shrunk index too, or one line would contradict itself."""
    under = belief.below(1.0)
    contradicted = (verdict == "above" and under > TAIL) or (verdict == "below" and under < 1 - TAIL)
    return "within" if contradicted else verdict
