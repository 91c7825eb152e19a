"""The table of control calls; `control` says what each of them is for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .answering import Emulator

Act = Callable[["Emulator", dict[str, Any]], Any]
ACTS: dict[tuple[str, str], Act] = {}


def act(method: str, name: str) -> Callable[[Act], Act]:
    def register(function: Act) -> Act:
        ACTS[(method, name)] = function
        return function

    return register
