"""What a language calls itself, where people choose captions by that."""

from __future__ import annotations

NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "pl": "Polski"}


def named(code: str) -> str:
    """Its own name; the code itself for one that is not known."""
    return NAMES.get(code.split("-")[0].lower(), code)
