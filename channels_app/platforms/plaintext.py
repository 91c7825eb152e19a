"""Text as people read it: markup undone, and a normal form in which two tellings of the same words are equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from html.parser import HTMLParser

from channels_app.platforms.base import Shown

SCHEME = re.compile(r"\bhttps?://", re.IGNORECASE)
FAR_HANDLE = re.compile(r"(?<![\w/])@([A-Za-z0-9_]+)@[A-Za-z0-9.-]+[A-Za-z0-9]")
OPENING = re.compile(r"\A(?:@\w+\s+)+")


def with_link(text: str, link: str) -> str:
    """The text with its link below it, unless it is in there already."""
    if not link or link in text:
        return text
    return f"{text}\n\n{link}" if text else link


def normal(text: str) -> str:
    """The form in which words are compared: NFC, one space between words, links without scheme or final slash."""
    plain = SCHEME.sub("", unicodedata.normalize("NFC", text).replace("\u200b", ""))
    return " ".join(word.rstrip("/") or word for word in FAR_HANDLE.sub(r"@\1", plain).split())


def without_opening_handles(text: str) -> str:
    """The text without the handles it opens with, which some platforms add to a reply by themselves."""
    return OPENING.sub("", text)


class _Reader(HTMLParser):
    """Collects text, with paragraphs and line breaks as new lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag == "p" and self.pieces:
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def from_html(markup: str) -> str:
    """The words of a small HTML fragment; nothing of its markup survives."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return "".join(reader.pieces).strip()


class _Pictures(HTMLParser):
    """Collects the pictures of a fragment."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Mapping[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img" and given.get("src"):
            self.found.append({"url": given["src"] or "", "alt": given.get("alt") or ""})


def pictures(markup: str) -> list[Mapping[str, str]]:
    """The pictures of a small HTML fragment, as {"url", "alt"}."""
    reader = _Pictures()
    reader.feed(markup)
    reader.close()
    return reader.found


class _Videos(HTMLParser):
    """Collects the videos of a fragment and, of the one begun last, its address and the languages of its captions."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "video":
            self.found.append((given, []))
        elif tag == "source" and self.found:
            self.found[-1][0].setdefault("src", given.get("src", ""))
        elif tag == "track" and self.found and given.get("kind", "subtitles") in {"captions", "subtitles"}:
            self.found[-1][1].append(given.get("srclang", ""))


def videos(markup: str) -> list[Shown]:
    """The videos of a fragment of HTML, with the languages they have captions in."""
    reader = _Videos()
    reader.feed(markup)
    reader.close()
    return [Shown(one.get("src", ""), tongues, one.get("aria-label", "")) for one, tongues in reader.found]


BETWEEN = re.compile(r"(</(?:p|figure|div|h\d|li|blockquote)>|-->)\s+(?=<)")
BREAK = re.compile(r"<br\s*/?>\n?")


def from_page(markup: str) -> str:
    """The words of a piece of a web page, where space between its blocks means nothing."""
    return from_html(BREAK.sub("<br>", BETWEEN.sub(r"\1", markup)))
