"""What pages with a row for each key need to draw: the words or the address of one."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of_key(links: Mapping[str, str], key: object) -> str:
    return links.get(str(key), "")
