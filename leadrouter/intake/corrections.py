"""Corrections of a lead's facts, read by the same rules as the cells of a row. Strict where a row is lenient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadrouter.domain.lead import Lead
from leadrouter.errors import WrongUsage
from leadrouter.intake.aliases import custom_key
from leadrouter.intake.values import FIELDS, lead_from_values


def corrections(given: Mapping[str, str], *, region: str | None, timezone: str) -> dict[str, Any]:
    """Field -> corrected value; an empty value clears the field. Raises WrongUsage for what cannot be read."""
    wanted = {custom_key(name) or name: value for name, value in given.items()}
    for field in wanted:
        if field not in FIELDS or field == "received_at":
            raise WrongUsage(
                f"{field} cannot be corrected", f"fields: {', '.join(FIELDS)}".replace("received_at, ", "")
            )
    read = lead_from_values({"external_id": "-", **wanted}, region=region, timezone=timezone)
    if "first_name" in wanted or "last_name" in wanted:
        wanted["name"] = " ".join(wanted.pop(half, "") for half in ("first_name", "last_name"))
    corrected = {field: getattr(read, field) for field in wanted if field in Lead._fields}
    for field, value in corrected.items():
        if value is None and wanted[field].strip():
            raise WrongUsage(f"this {field} cannot be read", "correct it, or give an empty value to clear the field")
    return corrected
