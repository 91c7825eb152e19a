"""What the month of checks needs to draw: an address out of many by its key."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of_key(links: Mapping[str, str], key: object) -> str:
    return links.get(str(key), "")
