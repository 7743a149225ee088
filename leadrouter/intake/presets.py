"""Which kind of file this is: the shipped presets and the broker's own, found by the header alone or by name."""

from __future__ import annotations

from collections.abc import Sequence

from leadrouter.domain.naming import nearest
from leadrouter.domain.preset import Preset
from leadrouter.errors import WrongUsage
from leadrouter.intake.aliases import custom_key, folded
from leadrouter.intake.presets_ads import ADS
from leadrouter.intake.presets_crm import CRMS

SHIPPED: tuple[Preset, ...] = (*ADS, *CRMS)
"""In the order of the README's table. Another one is a table in `presets_ads` or `presets_crm`."""

NONE = "none"
"""What `--preset` says so that a file is read by its headers alone."""


def choose(header: Sequence[str], wanted: str | None, own: Sequence[Preset]) -> Preset | None:
    """The preset of a file: the one wanted, else the one whose headers are all there, the most telling first.

    A broker's own comes before a shipped one of the same name. Raises WrongUsage for a name that nobody has.
    """
    known = {custom_key(preset.name): preset for preset in (*SHIPPED, *own)}
    if wanted is not None:
        if custom_key(wanted) == NONE:
            return None
        if custom_key(wanted) not in known:
            near = nearest(custom_key(wanted), known)
            hint = (f"Did you mean {near}? " if near else "") + f"Known: {', '.join(known)}, {NONE}."
            raise WrongUsage(f"--preset {wanted}: unknown preset", hint)
        return known[custom_key(wanted)]
    names = {folded(name) for name in header}
    found = [
        (preset in own, len(headers), preset)
        for preset in known.values()
        for headers in preset.found_by
        if names.issuperset(map(folded, headers))
    ]
    return max(found, key=lambda hit: hit[:2])[2] if found else None
