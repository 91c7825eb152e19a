"""Which platforms do not tell which part of taking part: what they do not tell is in no sum of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from channels_app.models.channels import PLATFORMS

PARTS = {"likes": "reactions", "replies": "comments", "shares": "shares", "clicks": "clicks"}
NAMES = dict(PLATFORMS)


class Told(Protocol):
    """A post with its platform and what was told of it."""

    @property
    def platform(self) -> str: ...


def sentence(rows: Iterable[Told]) -> str:
    """Of these posts, by part of taking part, the platforms that tell it of none; empty where each tells all of them.
    A post that does not say where it is says nothing here.
    """
    posts: dict[str, list[Told]] = {}
    for one in rows:
        if one.platform:
            posts.setdefault(NAMES.get(one.platform, one.platform), []).append(one)
    lacking: dict[tuple[str, ...], list[str]] = {}
    for part, words in PARTS.items():
        silent = tuple(sorted(name for name, some in posts.items() if all(getattr(one, part) is None for one in some)))
        if silent:
            lacking.setdefault(silent, []).append(words)
    told = [
        f"{_and(names)} {'tells' if len(names) == 1 else 'tell'} no {_and(parts, 'or')}"
        for names, parts in lacking.items()
    ]
    return f"{'; '.join(told)}: {'this is' if len(told) == 1 else 'these are'} not counted" if told else ""


def _and(words: Sequence[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
