"""A little markdown for texts people write here: headings, lists, bold, paragraphs. Everything else stays as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
HEADING, ITEM = "## ", "- "


def html(text: str) -> SafeString:
    """Safe HTML: what was typed is escaped before any tag is made."""
    return mark_safe("\n".join(_blocks(text.replace("\r\n", "\n").split("\n"))))  # noqa: S308 - escaped in _inline


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    kind, held = "", list[str]()
    for line in (*lines, ""):
        line = line.strip()
        now = "ul" if line.startswith(ITEM) else "h2" if line.startswith(HEADING) else "p" if line else ""
        if held and (now != kind or now == "h2"):
            yield _block(kind, held)
            held = []
        kind = now
        if line:
            held.append(line.removeprefix({"ul": ITEM, "h2": HEADING}.get(now, "")))


def _block(kind: str, lines: list[str]) -> str:
    if kind == "ul":
        return f"<ul>{''.join(f'<li>{_inline(line)}</li>' for line in lines)}</ul>"
    return f"<{kind}>{_inline(' '.join(lines))}</{kind}>"


def _inline(words: str) -> str:
    return BOLD.sub(r"<strong>\1</strong>", escape(words))
