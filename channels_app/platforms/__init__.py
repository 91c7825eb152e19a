"""The platforms Parley speaks: one module each, plain data in, dataclasses out, no Django inside.

`get(name)` imports a platform's module, and with it its SDK, the first time it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from channels_app.platforms.base import Platform

REGISTRY: Mapping[str, str] = {name: f"{__name__}.{name}" for name in ("x", "facebook", "mastodon")}


def get(name: str) -> Platform:
    """The platform of this name; KeyError for one Parley does not speak."""
    return cast(Platform, import_module(REGISTRY[name]))
