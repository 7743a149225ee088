"""Where a lead is: territories by postcode, area or circle, and distances on the globe. Knows no agents."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from leadrouter.domain.lead import Lead
from leadrouter.domain.matching import folded, postcode_in
from leadrouter.domain.policy import Territory

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


def territories_of(lead: Lead, territories: tuple[Territory, ...]) -> tuple[str, ...]:
    """Every territory the lead lies in, in the policy's order; several where they overlap."""
    return tuple(territory.name for territory in territories if _lies_in(lead, territory))


def kilometres(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) points (haversine formula)."""
    lat1, lon1, lat2, lon2 = map(radians, (*first, *second))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


def _lies_in(lead: Lead, territory: Territory) -> bool:
    if territory.postcodes and lead.postcode and postcode_in(lead.postcode, territory.postcodes):
        return True
    if territory.areas and lead.area and folded(lead.area) in territory.areas:
        return True
    if territory.circle is not None and lead.lat is not None and lead.lon is not None:
        lat, lon, km = territory.circle
        return kilometres((lead.lat, lead.lon), (lat, lon)) <= km
    return False
