"""What a person declares about a picture, a film or a post, because no program can see it: pure data.

A declaration is part of the words of a post: it is kept with every version. What has to be told to the public is put
into the text in the town's own sentence and is required from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from policy.checks import Image

YES_NO = ("has_text", "decorative", "theirs", "ai", "edited", "staged", "flashes", "described")
CONTRAST = [("", "Nobody has looked yet"), ("yes", "Yes"), ("no", "No, or only in part")]
TOLD = ("ai", "edited", "staged")  # what the public is told


@dataclass(frozen=True)
class Declared:
    """About one picture or film. `text` are the words in it, `contrast` whether they stand out.

    `captions`, `described`, `transcript` are for films.
    """

    has_text: bool = False
    text: str = ""
    contrast: str = ""
    decorative: bool = False
    theirs: bool = False
    ai: bool = False
    edited: bool = False
    staged: bool = False
    flashes: bool = False
    captions: str = ""
    described: bool = False
    transcript: str = ""

    def told(self) -> tuple[str, ...]:
        """What the public has to be told about it."""
        return tuple(name for name in TOLD if getattr(self, name))


@dataclass(frozen=True)
class Paid:
    """About the whole post: whether somebody paid for it, or it is made with a partner."""

    paid: bool = False
    partner: str = ""

    def told(self) -> tuple[str, ...]:
        return ("partner",) if self.paid and self.partner else ("paid",) if self.paid else ()


def as_json(declared: Declared | Paid) -> dict[str, Any]:
    """Only what is said: an empty declaration is an empty document."""
    return {name: value for name, value in asdict(declared).items() if value}


def of_json(kept: Mapping[str, Any] | None) -> Declared:
    return Declared(**_known(Declared, kept))


def paid_of_json(kept: Mapping[str, Any] | None) -> Paid:
    return Paid(**_known(Paid, kept))


def _known(kind: type[Declared] | type[Paid], kept: Mapping[str, Any] | None) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {name: value for name, value in (kept or {}).items() if name in names}


def sentences(declared: list[Declared], paid: Paid, disclosures: Mapping[str, str]) -> list[str]:
    """What has to be told, in the town's sentences, each once."""
    told = [*paid.told(), *(name for one in declared for name in one.told())]
    return [disclosures.get(name, "").replace("{partner}", paid.partner) for name in dict.fromkeys(told)]


def put(text: str, first: list[str], last: list[str]) -> str:
    """The text with every sentence that is needed and not there yet: what was paid for is told first."""
    if not text.strip():
        return text
    before, after = ([one for one in row if one and one.lower() not in text.lower()] for row in (first, last))
    parts = [" ".join([*before, text.rstrip() if after else text])] if before else [text.rstrip() if after else text]
    return "\n\n".join([*parts, " ".join(after)]) if after else parts[0]


def image(alt: str, declared: Declared, text: str, disclosures: Mapping[str, str], **file: Any) -> Image:
    """The picture as the checks see it, beside the text that has to tell what is declared."""
    told = sentences([declared], Paid(), disclosures)
    is_told = bool(told) and all(one and one.lower() in text.lower() for one in told)
    return Image(
        alt=alt,
        decorative=declared.decorative,
        has_text=declared.has_text or None,
        text=declared.text if declared.has_text else "",
        contrast={"yes": True, "no": False}.get(declared.contrast) if declared.has_text else None,
        theirs=declared.theirs,
        ai=declared.ai or None,
        edited=declared.edited or None,
        staged=declared.staged or None,
        flashes=declared.flashes or None,
        disclosure=" ".join(told) if is_told else "",
        **file,
    )
