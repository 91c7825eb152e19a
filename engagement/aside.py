"""What stands beside a conversation, told by the database as plain data: many small questions in one column.

Each part is the sub-select of one question, which names the row it belongs to by its table. They are written down and
not put together by models: for one page it took longer to compose two dozen than to answer them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Field, JSONField
from django.db.models.expressions import RawSQL

Parts = Mapping[str, str]


def of(parts: Parts, params: Sequence[Any] = (), **words: str | int) -> RawSQL:
    """One object with the answer to each part under its name; dates are ISO text, keys are text.

    `words` are constants that stand in the parts by name; what a person or a town chose comes as `params`, in order.
    """
    named = ", ".join(f"'{name}', {part}" for name, part in parts.items()).format(**words)
    return column(f"jsonb_build_object({named})", params, JSONField())


def column(part: str, params: Sequence[Any] = (), kind: Field[Any, Any] | None = None) -> RawSQL:
    """The answer to one part, as the database's own type or one of the models'."""
    return RawSQL(part, params, kind)  # noqa: S611 - every part is a constant
