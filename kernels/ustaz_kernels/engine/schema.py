"""Whether a model's answer is what its schema asks for; checked after decoding too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema

from ustaz_kernels.engine.errors import GenerationError


def checked(text: str, schema: Mapping[str, Any]) -> Any:
    """Return the JSON of a text, once it is seen to be valid under the schema.

    Raises
    ------
    GenerationError
        It is no JSON, or breaks the schema.
    """
    try:
        data = json.loads(text)
        jsonschema.validate(data, schema)
    except ValueError as error:
        raise GenerationError(
            "The model's answer is no JSON: {reason}. It began with {start!r}. Repeat with another"
            " seed or more tokens.",
            reason=str(error),
            start=text[:80],
        ) from error
    except jsonschema.ValidationError as error:
        raise GenerationError(
            "The model's answer breaks its schema at {place}: {reason}. Repeat with another seed.",
            place="/".join(map(str, error.absolute_path)) or "the top",
            reason=error.message[:200],
        ) from error
    return data
