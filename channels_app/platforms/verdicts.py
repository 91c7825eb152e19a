"""From what a platform answered to one of the endings.

Each platform keeps a table of the answers that prove something. An answer to a write that is not in its table, and
every fault after the request had begun, proves nothing: it is `Uncertain`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import requests

from channels_app.platforms.base import Ending, Refused, TryLater, Uncertain
from channels_app.platforms.http import Barred, NotSent, Slow

T = TypeVar("T")
log = logging.getLogger(__name__)
GARBLED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
SLOW = "slow"  # what was to be sent was too large for the line
PRINTABLE = range(0x21, 0x7F)


@dataclass(frozen=True)
class Verdict:
    """What one answer proves: useless to repeat for a `cause`, or (without one) not now, or `at_work` on it."""

    words: str
    cause: Literal["content", "token", "permission", "gone"] | None = None
    wait: float = 60
    whole_channel: bool = False
    at_work: bool = False


class Answered(Exception):
    """A platform answered with an error. `code` is its entry in the table, or an unlisted description of it."""

    def __init__(self, code: str, *, detail: str = "", wait: float = 0) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.wait = wait


def proof(table: Mapping[str, Verdict]) -> Mapping[str, str]:
    """The table in words, for people and tests."""
    return {code: verdict.words for code, verdict in table.items()}


def after_write(label: str, table: Mapping[str, Verdict], error: Exception) -> Ending:
    """How a write ended that raised `error`."""
    if isinstance(error, Barred):
        return Refused(str(error), cause="permission", code="barred")
    if isinstance(error, NotSent):
        return TryLater(str(error), code="not sent")
    if isinstance(error, Answered):
        return _judged(table, error) or Uncertain(
            f"{label} answered with an error that does not say whether it took this ({error.code}).",
            code=error.code,
            wait=error.wait,
        )
    if isinstance(error, requests.ConnectionError):
        return Uncertain(str(error), code=SLOW if isinstance(error, Slow) else "cut")
    return Uncertain(f"{label} sent an answer that could not be read.", code="garbled")


def after_read(label: str, table: Mapping[str, Verdict], error: Exception) -> Ending:
    """How a read, or a step that may be repeated, ended that raised `error`: nothing about it is ever uncertain."""
    ending = after_write(label, table, error)
    if isinstance(ending, Uncertain):
        return TryLater(ending.words, wait=ending.wait or 60, code=ending.code)
    return ending


def _judged(table: Mapping[str, Verdict], error: Answered) -> Ending | None:
    verdict = table.get(error.code)
    if verdict is None:
        return None
    words = verdict.words.format(detail=error.detail) if error.detail else verdict.words.replace(" ({detail})", "")
    if verdict.cause:
        return Refused(words, cause=verdict.cause, code=error.code)
    more = {"whole_channel": verdict.whole_channel, "at_work": verdict.at_work}
    return TryLater(words, wait=error.wait or verdict.wait, code=error.code, **more)


def ended(call: Callable[[], T], judge: Callable[[Exception], Ending], *faults: type[Exception]) -> T:
    """The result of `call`, or its ending. The ending is raised apart from the fault, which may hold headers."""
    known: tuple[type[Exception], ...] = (Answered, requests.RequestException, *GARBLED, *faults)
    try:
        return call()
    except Ending:
        raise
    except known as error:
        if isinstance(error, GARBLED) and not isinstance(error, requests.RequestException):
            log.warning("an answer could not be read", exc_info=True)
        ending = judge(error)
    raise ending


def usable(token: str) -> bool:
    """Whether a token can stand in a header at all."""
    return bool(token) and len(token) < 4096 and all(ord(letter) in PRINTABLE for letter in token)
