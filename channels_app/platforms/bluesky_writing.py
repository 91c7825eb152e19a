"""What Parley writes into the town's repository on Bluesky.

A post stands under a name made from the delivery's key, and is only ever written where nothing stands yet. So the same
delivery again, however often and at however many hands, finds the first one and changes nothing of it, its date
included.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from channels_app.platforms import bluesky_text, plaintext
from channels_app.platforms.base import Account, Outgoing, Picture, Refused, Video
from channels_app.platforms.bluesky_client import Client, Place, place, reading, writing
from channels_app.platforms.verdicts import Answered

POST, GATE = "app.bsky.feed.post", "app.bsky.feed.threadgate"
MOST_IMAGE, MOST_CAPTIONS, MOST_HIDDEN = 2_000_000, 20_000, 300
SIDES = (2000, 1600, 1200, 900)
Record = dict[str, Any]


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def words(outgoing: Outgoing) -> str:
    return plaintext.with_link(outgoing.text, outgoing.link)


def uri_of(account: Account, outgoing: Outgoing) -> str:
    """Where this delivery stands, or will."""
    return f"at://{account.remote_id}/{POST}/{bluesky_text.rkey(outgoing.idem_key or now())}"


def posted(account: Account, outgoing: Outgoing) -> tuple[str, str]:
    """Write the post unless it is there; its address and its date."""
    record, uri = reading(lambda: _record(account, outgoing)), uri_of(account, outgoing)
    return writing(lambda: _written(Client(account), place(uri), record))


def _written(client: Client, where: Place, record: Record) -> tuple[str, str]:
    body = where._asdict() | {"record": record, "swapRecord": None}
    try:
        made = client.do("com.atproto.repo.putRecord", body)
    except Answered as answer:
        if answer.code != "400 InvalidSwap":
            raise
    else:
        return str(made["uri"]), str(record["createdAt"])
    uri = f"at://{'/'.join(where)}"
    there = client.record(uri)
    if there is None:
        raise ValueError("there and not there")
    return uri, str(there["value"]["createdAt"])


def _record(account: Account, outgoing: Outgoing) -> Record:
    client, text = Client(account), words(outgoing)
    record: Record = {"$type": POST, "text": text, "createdAt": now()}
    facets = bluesky_text.facets(text, lambda handle: _did(client, handle))
    more = {
        "facets": facets,
        "langs": [outgoing.language] if outgoing.language else [],
        "embed": _embed(outgoing),
        "reply": _above(account, client, outgoing) if outgoing.reply_to else {},
    }
    return record | {name: value for name, value in more.items() if value}


def _did(client: Client, handle: str) -> str:
    """Who has this handle; "" where nobody has, and then it is mere words."""
    try:
        return str(client.ask("com.atproto.identity.resolveHandle", handle=handle)["did"])
    except Answered as answer:
        if answer.code in {"400 InvalidRequest", "400 HandleNotFound"}:
            return ""
        raise


def _above(account: Account, client: Client, outgoing: Outgoing) -> Record:
    """Strong references to the post answered and to the top of its thread.

    Our own post is asked of our own server, which knows it at once; a stranger's of the public view, because an answer
    seen there before what it answers is never shown.
    """
    parent = _seen(account, client, outgoing.reply_to)
    if parent is None:
        raise Refused("The post this answers is deleted or no longer visible.", cause="gone", code="parent gone")
    own = {"uri": outgoing.reply_to, "cid": str(parent["cid"])}
    above = (parent["value"].get("reply") or {}).get("root")
    return {"root": above or own, "parent": own}


def _seen(account: Account, client: Client, uri: str) -> Record | None:
    if place(uri).repo == account.remote_id:
        return client.record(uri)
    posts = client.ask("app.bsky.feed.getPosts", uris=[uri])["posts"]
    return {"cid": posts[0]["cid"], "value": posts[0]["record"]} if posts else None


def _embed(outgoing: Outgoing) -> Record:
    """Pictures, or a video, or a card for the link: a post has one of them."""
    kept = {name: json.loads(value) for name, value in outgoing.prepared.items() if value.startswith("{")}
    if outgoing.pictures:
        images = [_image(kept[f"image:{one.key}"], one.alt) for one in outgoing.pictures]
        return {"$type": "app.bsky.embed.images", "images": images}
    if outgoing.video:
        return _video(kept, outgoing.video)
    if outgoing.link:
        # Nothing is fetched for the card: it says what we know ourselves.
        title = outgoing.title or (urlsplit(outgoing.link).hostname or "").removeprefix("www.") or outgoing.link
        card = {"uri": outgoing.link, "title": title, "description": ""}
        return {"$type": "app.bsky.embed.external", "external": card}
    return {}


def _image(kept: Record, alt: str) -> Record:
    ratio = {"width": kept["width"], "height": kept["height"]}
    return {"image": kept["blob"], "alt": alt, "aspectRatio": ratio}


def _video(kept: Record, video: Video) -> Record:
    ratio = {"width": max(video.width, 1), "height": max(video.height, 1)}
    shown: Record = {"$type": "app.bsky.embed.video", "video": kept[f"video:{video.key}"]["blob"], "aspectRatio": ratio}
    if video.alt:
        shown["alt"] = video.alt
    if video.captions:
        shown["captions"] = [{"lang": video.captions.language, "file": kept[f"captions:{video.key}"]["blob"]}]
    return shown


def uploaded(account: Account, outgoing: Outgoing, step: str) -> str:
    """Upload what a step names; what is kept of it. The server looks at files only when a post names them."""
    kind, _, key = step.partition(":")
    client = Client(account)
    if kind == "image":
        picture = next(one for one in outgoing.pictures if one.key == key)
        data, mime, size = fitted(picture)
        blob = reading(lambda: client.upload(data, mime))
        return _kept(blob, "image/", width=size[0], height=size[1])
    video = outgoing.video
    assert video is not None
    if kind == "captions" and video.captions:
        text = video.captions.text.encode()
        if len(text) > MOST_CAPTIONS:
            raise Refused("The captions are longer than Bluesky takes.", cause="content", code="captions")
        return _kept(reading(lambda: client.upload(text, "text/vtt")), "text/")
    with open(video.path, "rb") as file:
        return _kept(reading(lambda: client.upload(file, video.mime)), "video/")


def _kept(blob: Record, mime: str, **size: int) -> str:
    if not str(blob.get("mimeType")).startswith(mime):
        raise Refused("Bluesky cannot tell what this file is; it may be broken.", cause="content", code="broken file")
    return json.dumps({"blob": blob, **size}, separators=(",", ":"))


def fitted(picture: Picture) -> tuple[bytes, str, tuple[int, int]]:
    """A picture as it is where it is small enough, else as large as Bluesky takes it."""
    if len(picture.data) <= MOST_IMAGE:
        return picture.data, picture.mime, (max(picture.width, 1), max(picture.height, 1))
    for side, quality in zip(SIDES, (88, 85, 80, 70), strict=True):
        with Image.open(io.BytesIO(picture.data)) as opened:
            opened.draft("RGB", (side, side))
            made = Image.new("RGB", opened.size, "white") if opened.mode in {"RGBA", "LA", "P"} else None
            plain = opened.convert("RGBA") if made else opened.convert("RGB")
            if made:
                made.paste(plain, mask=plain.getchannel("A"))
            whole = made or plain
            whole.thumbnail((side, side))
            data = io.BytesIO()
            whole.save(data, "JPEG", quality=quality, optimize=True)
        if data.tell() <= MOST_IMAGE:
            return data.getvalue(), "image/jpeg", whole.size
    raise Refused("This picture is larger than Bluesky takes.", cause="content", code="413")


def gated(account: Account, target: str, hidden: bool) -> None:
    """Hide or show an answer under a post of ours: the post's gate names the hidden ones."""
    client = Client(account)
    root = reading(lambda: root_of(account, client, target))
    where = place(root)._replace(collection=GATE)
    there = reading(lambda: client.record(f"at://{'/'.join(where)}"))
    gate: Record = dict(there["value"]) if there else {"$type": GATE, "post": root, "createdAt": now()}
    names = [str(one) for one in gate.get("hiddenReplies") or ()]
    if (target in names) == hidden:
        return
    names = [*names, target] if hidden else [one for one in names if one != target]
    if len(names) > MOST_HIDDEN:
        words = f"Bluesky hides at most {MOST_HIDDEN} answers under one post."
        raise Refused(words, cause="content", code="too many hidden")
    body = where._asdict() | {"record": gate | {"hiddenReplies": names}, "swapRecord": there["cid"] if there else None}
    writing(lambda: client.do("com.atproto.repo.putRecord", body))


def is_hidden(account: Account, target: str) -> bool:
    client = Client(account)
    where = place(root_of(account, client, target))._replace(collection=GATE)
    there = client.record(f"at://{'/'.join(where)}")
    return target in ((there or {}).get("value", {}).get("hiddenReplies") or ())


def root_of(account: Account, client: Client, target: str) -> str:
    """Our post at the top of the thread an answer stands in."""
    seen = _seen(account, client, target)
    if seen is None:
        raise Refused("This is no longer on Bluesky.", cause="gone", code="gone")
    root = str(((seen["value"].get("reply") or {}).get("root") or {}).get("uri") or "")
    if not root or place(root).repo != account.remote_id:
        raise Refused("On Bluesky only answers under our own posts can be hidden.", cause="permission", code="not ours")
    return root


def deleted(account: Account, target: str) -> None:
    """Take a record of ours away; one that is gone already is as well."""
    where = place(target)
    if where.repo != account.remote_id:
        raise Refused("Bluesky lets an account delete only what it wrote itself.", cause="permission", code="not ours")
    writing(lambda: Client(account).do("com.atproto.repo.deleteRecord", where._asdict()))
