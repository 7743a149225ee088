"""What wins say of the agents behind them, found for a whole team at once: rates of kinds of leads, and true indices.

*Mix.* Wins are compared with those that the team's rates would have given for the same leads (observed / expected).
Where weak agents hold the best sources, the rates of the kinds are found together with the agents' own: indirect
standardisation by a multiplicative model (N. E. Breslow and N. E. Day, J. Chronic Diseases 28, 1975, 289-303).
*Chance.* That index is shrunk towards the team, the more so the fewer leads there are and the less agents differ:
empirical Bayes for Gamma-Poisson counts (D. Clayton and J. Kaldor, Biometrics 43, 1987, 671-681), with two
refinements: wins vary less than Poisson counts, by 1 - rate; and how much agents differ is averaged over
(J. J. Deely and D. V. Lindley, J. American Statistical Association 76, 1981, 833-841), never taken as none.

Only arithmetic: whom to judge, and how to speak of it, is in `merit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, lgamma, log
from typing import NamedTuple

from leadrouter.domain import gamma

SPREADS = tuple(0.05 + 0.1 * step for step in range(10))
"""Standard deviations of the true indices of a team that are weighed against each other.

Beforehand each has a weight in proportion to its square, so that the interval cannot collapse where the results of
a small team happen to agree (after Y. Chung et al., Psychometrika 78, 2013, 685-709).
"""

KIND_LEADS = 2
"""As many leads with the team's rate are added to each kind of lead, so that a kind of one lead has a sober rate."""

LEAST_DISPERSION = 0.25
ROUNDS, SETTLED, NEGLIGIBLE = 100, 1e-7, 1e-6

Kind = tuple[str, ...]
"""What leads are compared by, in words of the policy: source and quality, and territory if the policy says so."""

Cells = Mapping[tuple[str, Kind], tuple[int, int]]
"""(agent, kind) -> (leads held, wins); at least one lead in each."""


class Belief(NamedTuple):
    """What is known of a true index: a mixture of gamma distributions, each as (weight, shape, rate)."""

    parts: tuple[tuple[float, float, float], ...]

    @property
    def mean(self) -> float:
        """The shrunk index."""
        return sum(weight * shape / per for weight, shape, per in self.parts)

    def below(self, index: float) -> float:
        """The probability that the true index is below this one."""
        return min(1.0, sum(weight * gamma.below(index, shape, per) for weight, shape, per in self.parts))

    def quantile(self, share: float) -> float:
        """The index below which the true one lies with this probability."""
        return gamma.quantile(share, self.below, self.mean)


class Evidence(NamedTuple):
    """What an agent's wins are held against: the wins expected, the variance of wins over their mean, and what all
    others say of the team: the mean of its indices, and their possible variances as (log of the weight, variance).
    """

    expected: float
    dispersion: float
    mean: float
    variances: tuple[tuple[float, float], ...]

    def belief(self, won: int) -> Belief:
        """The true index after so many wins. Each variance weighs as the others say, times how well it fits these."""
        observed, expected = won / self.dispersion, self.expected / self.dispersion
        fits = [weight + _likelihood(observed, expected, self.mean, v) for weight, v in self.variances]
        weights = _normal(fits)
        return Belief(
            tuple(
                (weight, self.mean**2 / v + observed, self.mean / v + expected)
                for weight, (_, v) in zip(weights, self.variances, strict=True)
                if weight > NEGLIGIBLE
            )
        )

    def without(self, won: int) -> Evidence:
        """The same where the weights are still those of everybody: takes out what the agent's own wins added."""
        observed, expected = won / self.dispersion, self.expected / self.dispersion
        return self._replace(
            variances=tuple((weight - _likelihood(observed, expected, self.mean, v), v) for weight, v in self.variances)
        )


def _likelihood(observed: float, expected: float, mean: float, variance: float) -> float:
    """The log-likelihood of a Gamma-Poisson count, which is negative binomial; what no variance changes is left out."""
    shape, per = mean**2 / variance, mean / variance
    return shape * log(per) - lgamma(shape) + lgamma(shape + observed) - (shape + observed) * log(per + expected)


def _normal(logs: Sequence[float]) -> list[float]:
    """Weights that add up to one, of their logarithms."""
    top = max(logs)
    weights = [exp(value - top) for value in logs]
    return [weight / sum(weights) for weight in weights]


class Fit:
    """The rates of the kinds and the agents' indices, each in turn found from the other. Needs at least one win.

    `expected` are each agent's wins at the team's rates, over the whole team as many as there were; `kinds` the rates.
    """

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.agents = sorted({agent for agent, _ in cells})
        self.leads = dict.fromkeys(self.agents, 0)
        self.wins = dict.fromkeys(self.agents, 0)
        kind_leads = {kind: 0 for _, kind in cells}
        kind_wins = dict(kind_leads)
        for (agent, kind), (leads, won) in cells.items():
            self.leads[agent] += leads
            self.wins[agent] += won
            kind_leads[kind] += leads
            kind_wins[kind] += won
        self.won = sum(self.wins.values())
        self.rate = self.won / sum(self.leads.values())
        self._kind_wins = {kind: won + KIND_LEADS * self.rate for kind, won in kind_wins.items()}
        self.kinds = {kind: self._kind_wins[kind] / (leads + KIND_LEADS) for kind, leads in kind_leads.items()}
        self.expected: dict[str, float] = {}
        self.usual: dict[str, float] = {}
        self._mean, self._spread = 1.0, 0.3
        self.evidence = self._settle()

    def dispersion(self, agent: str, index: float) -> float:
        """The variance of an agent's wins over their mean, for a true index: 1 - the usual rate of the wins."""
        return max(LEAST_DISPERSION, 1 - index * self.usual[agent])

    def _settle(self) -> dict[str, Evidence]:
        indices = dict.fromkeys(self.agents, 1.0)
        for _ in range(ROUNDS):
            self._expect()
            dispersion = {agent: self.dispersion(agent, indices[agent]) for agent in self.agents}
            weights = self._weigh(dispersion)
            before = indices
            indices = {agent: self._index(agent, dispersion[agent], weights) for agent in self.agents}
            if max(abs(indices[agent] - before[agent]) for agent in self.agents) < SETTLED:
                break
            self._rate_kinds(dispersion)
        # One degree of freedom went into the team's own rate, and the mean of its indices is known only so well.
        spent = min(2.0, len(self.agents) / max(1, len(self.agents) - 1))
        doubt = 1 / sum(self._precision(agent, dispersion[agent]) for agent in self.agents)
        variances = tuple((weight, spread**2 + doubt) for weight, spread in zip(weights, SPREADS, strict=True))
        return {
            agent: Evidence(self.expected[agent], dispersion[agent] * spent, self._mean, variances).without(
                self.wins[agent]
            )
            for agent in self.agents
        }

    def _index(self, agent: str, dispersion: float, weights: Sequence[float]) -> float:
        """The shrunk index, by these logarithms of weights of SPREADS."""
        observed, expected = self.wins[agent] / dispersion, self.expected[agent] / dispersion
        return sum(
            weight * (self._mean**2 / spread**2 + observed) / (self._mean / spread**2 + expected)
            for weight, spread in zip(_normal(weights), SPREADS, strict=True)
        )

    def _expect(self) -> None:
        """The wins that the rates of the kinds give, and the rate that a win of the agent's usually had."""
        expected, squares = dict.fromkeys(self.agents, 0.0), dict.fromkeys(self.agents, 0.0)
        for (agent, kind), (leads, _) in self.cells.items():
            expected[agent] += leads * self.kinds[kind]
            squares[agent] += leads * self.kinds[kind] ** 2
        scale = self.won / sum(expected.values())
        self.expected = {agent: wins * scale for agent, wins in expected.items()}
        self.usual = {agent: squares[agent] / expected[agent] * scale for agent in self.agents}

    def _precision(self, agent: str, dispersion: float) -> float:
        return 1 / (self._spread**2 + dispersion / self.expected[agent])

    def _weigh(self, dispersion: Mapping[str, float]) -> list[float]:
        """The logarithms of the weights of SPREADS, given all results; on the way, the mean index and the spread."""
        precision = {agent: self._precision(agent, dispersion[agent]) for agent in self.agents}
        self._mean = sum(precision[a] * self.wins[a] / self.expected[a] for a in self.agents) / sum(precision.values())
        counts = [(self.wins[a] / dispersion[a], self.expected[a] / dispersion[a]) for a in self.agents]
        weights = [
            2 * log(spread) + sum(_likelihood(*count, self._mean, spread**2) for count in counts) for spread in SPREADS
        ]
        self._spread = sum(weight * spread for weight, spread in zip(_normal(weights), SPREADS, strict=True))
        return weights

    def _rate_kinds(self, dispersion: Mapping[str, float]) -> None:
        """Each kind's wins over its leads, a lead of a strong agent weighing more.

        The indices are hardly shrunk for this: a shrunk one leaves part of the skill in the rates of what they hold.
        """
        held = dict.fromkeys(self.kinds, float(KIND_LEADS))
        for (agent, kind), (leads, _) in self.cells.items():
            held[kind] += leads * (dispersion[agent] + self.wins[agent]) / (dispersion[agent] + self.expected[agent])
        self.kinds = {kind: self._kind_wins[kind] / held[kind] for kind in self.kinds}
