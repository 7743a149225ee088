"""The gamma distribution in plain Python: what counts of rare things are judged by. Knows no agents and no leads.

A statistics library would cost every start of the program more than these lines cost to read.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log

PRECISION = 1e-10
NEAR = 1e-5


def below(x: float, shape: float, rate: float = 1.0) -> float:
    """The probability that a gamma variable of this shape and rate is at most `x`.

    The regularised incomplete gamma function P(shape, rate x), by its series below the mean and by Lentz's continued
    fraction above it (W. H. Press et al., Numerical Recipes, 3rd ed., section 6.2).
    """
    scaled = rate * x
    if scaled <= 0:
        return 0.0
    front = exp(shape * log(scaled) - scaled - lgamma(shape))
    if scaled < shape + 1:
        return min(1.0, front * _series(shape, scaled))
    return max(0.0, 1.0 - front * _fraction(shape, scaled))


def _series(shape: float, x: float) -> float:
    term = total = 1.0 / shape
    divisor = shape
    while term > total * PRECISION:
        divisor += 1
        term *= x / divisor
        total += term
    return total


def _fraction(shape: float, x: float) -> float:
    b = x + 1.0 - shape
    c, d = 1e300, 1.0 / b
    value = d
    step = 0
    while True:
        step += 1
        a = -step * (step - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        value *= d * c
        if abs(d * c - 1.0) < PRECISION:
            return value


def quantile(share: float, below_of: Callable[[float], float], start: float) -> float:
    """The point below which `share` of a distribution of positive numbers lies, to a part in a hundred thousand.

    `below_of` is its distribution function, rising from 0 to 1; `start` is somewhere inside. By false position in the
    Illinois variant (M. Dowell and P. Jarratt, BIT 11, 1971, 168-174), a third of the steps of halving.
    """
    low, high = 0.0, start
    too_low, too_high = -share, below_of(high) - share
    while too_high < 0:
        low, high, too_low = high, 2 * high, too_high
        too_high = below_of(high) - share
    side = 0
    while high - low > NEAR * high and min(too_high, -too_low) > NEAR * NEAR:
        point = (low * too_high - high * too_low) / (too_high - too_low)
        off = below_of(point) - share
        if off < 0:
            low, too_low = point, off
            too_high = too_high / 2 if side < 0 else too_high
            side = -1
        else:
            high, too_high = point, off
            too_low = too_low / 2 if side > 0 else too_low
            side = 1
    return high if too_high < -too_low else low
