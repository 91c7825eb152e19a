"""Whether the conversation that the policy asks for was held: each channel against its floor, with the numbers.

Of few things that went out nothing is claimed, and of a channel that only warns nothing is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from channels_app.models import Channel
from channels_app.platforms import READ_ONLY
from metrics.measures import from_posts
from metrics.measures.reach import TALKING, OutRow
from metrics.measures.shape import Span
from policy import floors
from policy.floors import Floors

LEAST = 10  # things that went out; a share of fewer is told and held against nothing
Standing = Literal["under", "kept", "few", "exempt"]
WORDS: Mapping[Standing, str] = {
    "under": "under the floor",
    "kept": "kept",
    "few": f"fewer than {LEAST}, not held against it",
    "exempt": "only warns, nothing is asked",
}


@dataclass(frozen=True)
class Held:
    """One channel: `talking` of `whole` that went out were conversation, and at least `asked` % were asked for."""

    channel: Channel
    asked: int | None
    talking: int
    whole: int

    @property
    def standing(self) -> Standing:
        if self.asked is None:
            return "exempt"
        if self.whole < LEAST:
            return "few"
        return "kept" if 100 * self.talking >= self.asked * self.whole else "under"

    @property
    def share(self) -> float | None:
        return 100 * self.talking / self.whole if self.whole else None

    @property
    def words(self) -> str:
        return f"{self.channel}: {self.about}"

    @property
    def about(self) -> str:
        """The numbers, and what is asked."""
        if self.standing == "exempt":
            return "it only warns, so no conversation is asked of it"
        if self.standing == "few":
            told = f"{self.talking} of {self.whole} were conversation" if self.whole else "nothing went out"
            return f"{told}; of fewer than {LEAST} nothing is claimed (the policy asks for at least {self.asked} %)"
        told = _percent(self.whole - self.talking, self.whole, 100 - (self.asked or 0))
        asked = f"the policy asks for at least {self.asked} % conversation"
        return f"{told} % broadcast of {self.whole:,}, {asked}{', and has it' if self.standing == 'kept' else ''}"


def _percent(part: int, whole: int, line: int) -> str:
    """Whole percent; with decimals where that would stand on the line, and the number itself does not."""
    share = 100 * part / whole
    return f"{share:.2f}" if round(share) == line != share else f"{share:.0f}"


def hold(channels: Iterable[Channel], rows: Iterable[OutRow], asked: Floors) -> list[Held]:
    """The channels of which something is asked, and those that only warn; what falls short comes first. Pure."""
    count = Counter((one.where, one.what in TALKING) for one in rows)
    found = []
    for channel in channels:
        key, floor = str(channel.key), asked.of(channel.scope_id)
        if floor is None:
            continue
        talking, telling = count[key, True], count[key, False]
        warns = channel.purpose == "broadcast"
        found.append(Held(channel, None if warns else floor, talking, talking + telling))
    order = list(WORDS)
    return sorted(found, key=lambda one: order.index(one.standing))


def of(channels: Sequence[Channel], span: Span) -> list[Held]:
    """The same of a span, against what was asked at its end, of channels on which something can go out at all. Nothing
    is counted where nothing is asked.
    """
    asked = floors.at(span.until)
    if not asked:
        return []
    speaking = [one for one in channels if one.platform not in READ_ONLY and one.state != "archived"]
    return hold(speaking, from_posts.out(span), asked)


def as_data(held: Iterable[Held]) -> list[dict[str, Any]]:
    """As a report keeps it."""
    return [
        {
            "key": str(one.channel.key),
            "channel": str(one.channel),
            "standing": one.standing,
            "said": f"{WORDS[one.standing]} ({one.asked} % asked)" if one.asked else WORDS[one.standing],
            "words": one.words,
            "asked": one.asked,
            "value": one.share,
            "part": one.talking,
            "whole": one.whole,
        }
        for one in held
    ]
