"""What Parley says, as WordPress is given it: blocks of paragraphs whose words nobody's typography changes.

WordPress shows text otherwise than it was written: straight quotes become curly, two hyphens a dash, three points one
character, a smiley a picture, square brackets a command. Whoever signed the words did not sign those. Characters that
set this off are written as numbered entities, which it leaves alone (from its own documentation of how it treats
content; yet to be seen on a live site).
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from typing import Any

from channels_app.platforms import languages, plaintext
from channels_app.platforms.base import Outgoing, Video

CHANGED = re.compile(r"[&<>\"'`\[\]():;]|-{2,}|(?<=\s)-(?=\s)|\.{3,}|(?<=\d)x(?=\d)")
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']")
TITLE, NAMED = 80, 60


def article(outgoing: Outgoing) -> dict[str, Any]:
    """The fields of a post. Its first picture is the article's own; the others and the video stand below its words."""
    places = [_place(outgoing.prepared[f"image:{one.key}"]) for one in outgoing.pictures]
    text = plaintext.with_link(outgoing.text, outgoing.link)
    shown = [_figure(*place, one.alt) for place, one in zip(places[1:], outgoing.pictures[1:], strict=True)]
    shown += [_film(outgoing.video, outgoing)] if outgoing.video else []
    fields: dict[str, Any] = {
        "status": "publish",
        "title": html.escape(title(outgoing), quote=False),
        "content": "\n\n".join([*(_paragraph(one) for one in _paragraphs(text)), *shown]),
    }
    if outgoing.idem_key:
        fields["slug"] = address(outgoing)
    if places:
        fields["featured_media"] = int(places[0][0])
    return fields


def address(outgoing: Outgoing) -> str:
    """The last part of the article's address: its title for people, and a mark that no other post has."""
    mark = hashlib.sha256(outgoing.idem_key.encode()).hexdigest()[:12]
    return f"{plain(title(outgoing))[:NAMED].strip('-')}-{mark}".strip("-")


def title(outgoing: Outgoing) -> str:
    """The title it was given, or else its first line, cut between words."""
    line = outgoing.title.strip() or outgoing.text.strip().partition("\n")[0]
    if outgoing.title.strip() or len(line) <= TITLE:
        return line
    return line[:TITLE].rsplit(" ", 1)[0].rstrip(" ,.;:-") + "…"


def plain(text: str) -> str:
    """Small Latin letters, digits and hyphens: what every part of an address may hold."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def remark(text: str) -> str:
    """A comment: no blocks there, WordPress makes paragraphs of empty lines itself."""
    return _quiet(text)


def _paragraphs(text: str) -> list[str]:
    return [one for one in re.split(r"\n{2,}", text.strip()) if one.strip()]


def _paragraph(text: str) -> str:
    return f"<!-- wp:paragraph --><p>{_linked(text)}</p><!-- /wp:paragraph -->"


def _linked(text: str) -> str:
    pieces, at = [], 0
    for hit in LINK.finditer(text):
        pieces += [_quiet(text[at : hit.start()]), f'<a href="{html.escape(hit[0])}">{_quiet(hit[0])}</a>']
        at = hit.end()
    return "".join([*pieces, _quiet(text[at:])]).replace("\n", "<br>")


def _quiet(text: str) -> str:
    return CHANGED.sub(lambda hit: "".join(f"&#{ord(letter)};" for letter in hit[0]), text)


def _place(kept: str) -> tuple[str, str]:
    """The number and the address of a file in the library."""
    number, _, url = kept.partition(" ")
    return number, url


def _figure(number: str, url: str, alt: str) -> str:
    image = f'<img src="{html.escape(url)}" alt="{html.escape(alt)}" class="wp-image-{number}"/>'
    return f'<!-- wp:image {{"id":{number}}} --><figure class="wp-block-image">{image}</figure><!-- /wp:image -->'


def _film(video: Video, outgoing: Outgoing) -> str:
    """The video with its captions. Who cannot see it is told what it shows."""
    number, url = _place(outgoing.prepared[f"video:{video.key}"])
    about: dict[str, Any] = {"id": int(number)}
    track = ""
    if video.captions:
        told = {
            "src": _place(outgoing.prepared[f"captions:{video.key}"])[1],
            "label": languages.named(video.captions.language),
            "srcLang": video.captions.language,
            "kind": "captions",
        }
        about["tracks"] = [told]
        words = " ".join(f'{name.lower()}="{html.escape(value)}"' for name, value in told.items())
        track = f"<track {words}/>"
    # The block has no field for words like these: opened in WordPress's editor, it offers to repair the block, and
    # drops them when somebody lets it. Yet to be seen on a live site, as the whole block is.
    label = f' aria-label="{html.escape(video.alt)}"' if video.alt else ""
    shown = f'<video controls{label} src="{html.escape(url)}">{track}</video>'
    return f'<!-- wp:video {_coded(about)} --><figure class="wp-block-video">{shown}</figure><!-- /wp:video -->'


def _coded(about: dict[str, Any]) -> str:
    """The facts of a block, with what could end the remark they stand in written as WordPress writes it."""
    text = json.dumps(about, ensure_ascii=False, separators=(",", ":")).replace('\\"', "\\u0022")
    for sign in ("--", "<", ">", "&"):
        text = text.replace(sign, "".join(f"\\u{ord(letter):04x}" for letter in sign))
    return text
