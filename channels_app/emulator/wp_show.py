"""How WordPress hands out articles, comments and pictures: rendered as its pages show them."""

import hashlib
import re
import sqlite3
from html import escape, unescape
from typing import Any

from . import moving, things
from .clock import moment
from .world import Call, extra

MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
PARAGRAPH = re.compile(r"\s*</p>\s*(?:<!--.*?-->\s*)*<p[^>]*>\s*", re.DOTALL)
TYPOGRAPHY = (("...", "…"), ("---", "—"), (" -- ", " — "), ("--", "–"), (" - ", " – "), (":)", "🙂"), ("'", "’"))
VIDEO, TRACK = re.compile(r"<video\b([^>]*)>(.*?)</video>", re.DOTALL), re.compile(r"<track\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
QUOTE = re.compile(r'(?<=\S)"')


def seen(content: str) -> str:
    """The words people see of a content: markup undone, after WordPress's typography has been at what is not coded."""
    pieces = MARKUP.split(re.sub(r"<br\s*/?>", "\n", PARAGRAPH.sub("\n\n", content.strip())))
    text = "".join(pieces).strip()
    for plain, shown in TYPOGRAPHY:
        text = text.replace(plain, shown)
    return unescape(QUOTE.sub("”", text).replace('"', "“"))


def films(content: str) -> list[dict[str, Any]]:
    """The videos of a content, as {"id": its name in the library, "label", "tracks": what each says of itself}."""
    found = []
    for about, within in VIDEO.findall(content):
        told = _attributes(about)
        tracks = [_attributes(one) for one in TRACK.findall(within)]
        name = told.get("src", "").rpartition("/")[2]
        found.append({"id": name, "label": told.get("aria-label", ""), "tracks": tracks})
    return found


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(text)}


def rendered(text: str) -> str:
    """A text as its page has it."""
    parts = [one for one in re.split(r"\n{2,}", text) if one]
    return "".join(f"<p>{escape(one, quote=False)}</p>\n".replace("\n", "<br />\n", one.count("\n")) for one in parts)


def gmt(value: float) -> str:
    return moment(value).strftime("%Y-%m-%dT%H:%M:%S")


def library(row: sqlite3.Row, host: str) -> dict[str, Any]:
    """One file of the library."""
    kind = "image" if str(row["mime"]).startswith("image/") else "file"
    return {
        "id": int(row["id"]), "media_type": kind, "mime_type": row["mime"], "alt_text": row["alt"],
        "source_url": f"https://{host}/_media/{row['id']}", "date_gmt": gmt(row["created_at"]),
        "media_details": {"width": row["width"], "height": row["height"]},
    }  # fmt: skip


def post(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    more, host = extra(row), call.me["host"]
    pictures = {one["id"]: one for one in things.media_of(call.world, row["id"])}
    own = pictures.pop(more.get("featured", ""), None)
    images = "".join(
        f'<figure class="wp-block-image"><img decoding="async" src="https://{host}/_media/{one["id"]}" '
        f'alt="{escape(one["alt"])}" class="wp-image-{one["id"]}"/></figure>\n'
        for one in pictures.values()
        if not moving.is_video(one)
    )
    images += "".join(_figure(host, one) for one in more.get("films") or ())
    trashed = "__trashed" if row["deleted_at"] else ""
    shown: dict[str, Any] = {
        "id": int(row["id"]), "date_gmt": gmt(row["created_at"]), "date": gmt(row["created_at"]),
        "modified_gmt": gmt(row["edited_at"] or row["created_at"]), "slug": f"{more.get('slug', '')}{trashed}",
        "status": "trash" if trashed else "publish", "type": "post", "author": int(row["account"]),
        "link": f"https://{host}/{moment(row['created_at']):%Y/%m}/{more.get('slug', '')}/",
        "title": {"rendered": more.get("title", "")}, "comment_status": "open",
        "content": {"rendered": rendered(row["text"]) + images, "protected": False},
        "featured_media": int(own["id"]) if own else 0,
    }  # fmt: skip
    if own is not None and call.request.arg("_embed"):
        shown["_embedded"] = {"wp:featuredmedia": [library(own, host)]}
    return shown


def _figure(host: str, film: dict[str, Any]) -> str:
    """A video as its page has it."""
    tracks = "".join(
        "<track " + " ".join(f'{name}="{escape(value)}"' for name, value in track.items()) + "/>"
        for track in film["tracks"]
    )
    about = f'aria-label="{escape(film["label"])}" src="https://{host}/_media/{film["id"]}"'
    return f'<figure class="wp-block-video"><video controls {about}>{tracks}</video></figure>\n'


def comment(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A visitor has no number; the picture beside their name is fetched by a checksum of their address."""
    author, host = call.world.account(row["account"]), call.me["host"]
    assert author is not None
    number, parent = row["id"].partition("-")[2], row["parent"]
    face = hashlib.sha256(author["id"].encode()).hexdigest()
    state = "trash" if row["deleted_at"] else "hold" if row["hidden"] else "approved"
    return {
        "id": int(number), "post": int(row["root"]),
        "parent": 0 if parent == row["root"] else int(parent.partition("-")[2]),
        "author": int(author["id"]) if author["kind"] == "ours" else 0, "author_name": escape(author["name"]),
        "date_gmt": gmt(row["created_at"]), "content": {"rendered": rendered(row["text"])}, "status": state,
        "link": f"https://{host}/?p={row['root']}#comment-{number}", "type": "comment",
        "author_avatar_urls": {"96": f"https://secure.gravatar.com/avatar/{face}?s=96&d=mm&r=g"},
    }  # fmt: skip
