"""What every section of the document has in common: keys that are known, blanks that do not count, short forms.

No keys: those are in `schema`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from leadrouter.config import forms


class Entry(BaseModel):
    """Some `key: value` pairs. A key without a value counts as not written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, value: Any) -> Any:
        value = cls.spelled_out(value)
        if not isinstance(value, dict):
            return value
        known = cls.known_keys() - cls.telling_blanks()
        return {key: part for key, part in value.items() if part is not None or key not in known}

    @classmethod
    def spelled_out(cls, value: Any) -> Any:
        """The full form of a short one."""
        return value

    @classmethod
    def telling_blanks(cls) -> set[str]:
        """Keys that must not be left without a value."""
        return set()

    @classmethod
    def known_keys(cls) -> set[str]:
        return {field.alias or name for name, field in cls.model_fields.items()}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> forms.Json:
        """For editors: a key without a value may stand there, as if it were not written."""
        form = handler.resolve_ref_schema(handler(core))
        for key, value in form.get("properties", {}).items():
            if key not in cls.telling_blanks():
                form["properties"][key] = {"anyOf": [value, forms.NULL]}
        return cls.short_form(form)

    @classmethod
    def short_form(cls, form: forms.Json) -> forms.Json:
        """The form with the short one that `spelled_out` takes."""
        return form

    def written(self) -> dict[str, Any]:
        """What the file says, under the policy's own names."""
        return {name: getattr(self, name) for name in self.model_fields_set}
