"""Bluesky's server: records written and taken away, files uploaded."""

import hashlib
import re
import sqlite3
from typing import Any

import regex

from . import bsky_ids, bsky_likes, bsky_show, media, moving, things
from .bsky import ROUTES, error, invalid, refusal
from .bsky_ids import GATE, LIKE, POST
from .wire import Answer, Refuse, Request
from .world import Call, extra

MOST_BLOB, MOST_IMAGE, MOST_VIDEO, MOST_CAPTIONS, MOST_HIDDEN = 52_428_800, 2_000_000, 50_000_000, 20_000, 300
KEY = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


def _named(request: Request) -> str:
    body = request.json if isinstance(request.json, dict) else {}
    if body.get("collection") in {GATE, LIKE}:
        return "hide" if body["collection"] == GATE else "like"
    return "reply" if (body.get("record") or {}).get("reply") else "publish"


def _ours(call: Call, body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise invalid("Input must be an object")
    if body.get("repo") != call.me["id"]:
        raise Refuse(refusal("wrong_account", call))
    return body


@ROUTES.on("POST", "/xrpc/com.atproto.repo.putRecord", _named)
def put(call: Call) -> Answer:
    """Write a record under a name: the same content again changes nothing, other content replaces it.

    `swapRecord` says what must be there before: null for nothing.
    """
    body = _ours(call, call.request.json)
    collection, rkey, record = str(body.get("collection")), str(body.get("rkey")), body.get("record")
    if collection not in {POST, GATE, LIKE} or not KEY.fullmatch(rkey) or not isinstance(record, dict):
        raise invalid("Input is not valid")
    there = _there(call, collection, rkey)
    if there is not None and bsky_ids.cid(there) == bsky_ids.cid(record):
        return _written(call, collection, rkey, record, committed=None)
    wanted = bsky_ids.cid(there) if there is not None else None
    if "swapRecord" in body and body["swapRecord"] != wanted:
        raise invalid(f"Record was at {wanted}", "InvalidSwap")
    return _kept(call, collection, rkey, record)


@ROUTES.on("POST", "/xrpc/com.atproto.repo.createRecord", _named)
def create(call: Call) -> Answer:
    """Write a new record; under a name that is taken it ends in a fault of the server."""
    body = _ours(call, call.request.json)
    rkey = str(body.get("rkey") or call.world.new_id("bluesky", call.now))
    if _there(call, str(body.get("collection")), rkey) is not None:
        raise Refuse(error(500, "InternalServerError", "Internal Server Error"))
    return _kept(call, str(body.get("collection")), rkey, body.get("record") or {})


def _kept(call: Call, collection: str, rkey: str, record: dict[str, Any]) -> Answer:
    if collection == GATE:
        _gate(call, rkey, record)
    elif collection == LIKE:
        bsky_likes.keep(call, rkey, record)
    else:
        _post(call, rkey, record)
    return _written(call, collection, rkey, record, committed=bsky_ids.uri(call.me["id"], rkey))


def _written(call: Call, collection: str, rkey: str, record: dict[str, Any], committed: str | None) -> Answer:
    shown = {"uri": bsky_ids.uri(call.me["id"], rkey, collection), "cid": bsky_ids.cid(record)}
    return Answer(shown | {"validationStatus": "valid"}, committed=committed)


def _there(call: Call, collection: str, rkey: str) -> dict[str, Any] | None:
    """The record that stands under this name now."""
    if collection == LIKE:
        return bsky_likes.there(call, call.me["id"], rkey)
    row = things.alive(call.world, "bluesky", bsky_ids.uri(call.me["id"], rkey))
    if row is None:
        return None
    found: dict[str, Any] | None = extra(row).get("gate") if collection == GATE else bsky_show.record(call.world, row)
    return found


def _post(call: Call, rkey: str, record: dict[str, Any]) -> None:
    text = str(record.get("text") or "")
    if record.get("$type") != POST or not record.get("createdAt"):
        raise invalid("Invalid app.bsky.feed.post record: Record must have the property createdAt")
    if len(regex.findall(r"\X", text)) > 300 or len(text.encode()) > 3000:
        raise invalid("Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes")
    name, embed, reply = bsky_ids.uri(call.me["id"], rkey), record.get("embed") or {}, record.get("reply") or {}
    parent = things.find(call.world, (reply.get("parent") or {}).get("uri", ""))
    named = [
        feature["did"]
        for facet in record.get("facets") or ()
        for feature in facet["features"]
        if feature["$type"].endswith("#mention")
    ]
    call.store.run("DELETE FROM posts WHERE id = ?", name)
    row = things.write(
        call.world, "bluesky", call.me["id"], text, call.now, id=name, parent=parent, media=_files(call, embed),
        mentions=[*named, *([parent["account"]] if parent is not None else [])], extra={"record": record},
        lang=(record.get("langs") or ["en"])[0], link=(embed.get("external") or {}).get("uri", ""),
    )  # fmt: skip
    call.world.town.hear(row)


def _files(call: Call, embed: dict[str, Any]) -> list[str]:
    """The uploads of ours that an embed names, each with its words."""
    if embed.get("$type") == "app.bsky.embed.images":
        if not 1 <= len(embed["images"]) <= 4:
            raise invalid("Invalid app.bsky.feed.post record: Record/embed/images must not have more than 4 elements")
        return [_file(call, one["image"], MOST_IMAGE, "image/", one["alt"]) for one in embed["images"]]
    if embed.get("$type") == "app.bsky.embed.video":
        name = _file(call, embed["video"], MOST_VIDEO, "video/mp4", embed.get("alt") or "")
        for one in embed.get("captions") or ():
            words = media.mine(call, _file(call, one["file"], MOST_CAPTIONS, moving.VTT, ""))
            assert words is not None
            moving.caption(call.world, name, one["lang"], moving.text_of(call.world, words))
        return [name]
    return []


def _file(call: Call, blob: dict[str, Any], most: int, mime: str, alt: str) -> str:
    sql = "SELECT * FROM media WHERE sha256 = ? AND account = ? ORDER BY post IS NOT NULL, created_at DESC"
    row = call.store.one(sql, bsky_ids.sha256_of(blob["ref"]["$link"]), call.me["id"])
    if row is None:
        raise invalid(f"Could not find blob: {blob['ref']['$link']}", "BlobNotFound")
    if not row["mime"].startswith(mime) or row["mime"] != blob["mimeType"]:
        raise invalid(f"Wrong mimetype. Expected {mime}. Got {row['mime']}", "InvalidMimeType")
    if row["size"] > most or row["size"] != blob["size"]:
        raise invalid(f"This file is too large. It is {row['size']} but the maximum size is {most}.", "BlobTooLarge")
    if row["post"]:
        row = media.keep(
            call,
            media.file_of(call.world, row["sha256"]).read_bytes(),
            media.Picture(row["mime"], row["width"], row["height"]),
        )
    call.store.update("media", {"id": row["id"]}, alt=alt)
    return str(row["id"])


def _gate(call: Call, rkey: str, record: dict[str, Any]) -> None:
    """Whose answers are hidden under one of our own posts."""
    row = things.alive(call.world, "bluesky", bsky_ids.uri(call.me["id"], rkey))
    if row is None or record.get("post") != row["id"] or len(record.get("hiddenReplies") or ()) > MOST_HIDDEN:
        raise invalid("Invalid app.bsky.feed.threadgate record")
    _remember(call, row, record)


def _remember(call: Call, row: sqlite3.Row, gate: dict[str, Any] | None) -> None:
    things.remember(call.world, row, gate=gate)
    call.store.run("UPDATE posts SET hidden = 0 WHERE root = ?", row["id"])
    for one in (gate or {}).get("hiddenReplies") or ():
        call.store.update("posts", {"id": one, "root": row["id"]}, hidden=1)


def _deleted(request: Request) -> str:
    body = request.json if isinstance(request.json, dict) else {}
    return "like" if body.get("collection") == LIKE else "delete"


@ROUTES.on("POST", "/xrpc/com.atproto.repo.deleteRecord", _deleted)
def delete(call: Call) -> Answer:
    """To delete what is not there is no error."""
    body = _ours(call, call.request.json)
    if body.get("collection") == LIKE:
        name, had = str(body.get("rkey")), bsky_likes.take(call, str(body.get("rkey")))
        return Answer({}, committed=bsky_ids.uri(call.me["id"], name, LIKE) if had else None)
    row = things.alive(call.world, "bluesky", bsky_ids.uri(call.me["id"], str(body.get("rkey"))))
    if row is not None and body.get("collection") == POST:
        things.delete(call.world, row, call.now)
    elif row is not None:
        _remember(call, row, None)
    return Answer({}, committed=row["id"] if row is not None else None)


@ROUTES.on("GET", "/xrpc/com.atproto.repo.getRecord", "post")
def get(call: Call) -> Answer:
    """One record of a repository of this server."""
    repo, collection, rkey = (call.request.arg(name) for name in ("repo", "collection", "rkey"))
    row = things.alive(call.world, "bluesky", bsky_ids.uri(repo, rkey))
    found = bsky_likes.there(call, repo, rkey) if collection == LIKE else None
    if row is not None and collection != LIKE:
        found = extra(row).get("gate") if collection == GATE else bsky_show.record(call.world, row)
    if found is None:
        name = bsky_ids.uri(repo, rkey, collection)
        raise invalid(f"Could not locate record: {name}", "RecordNotFound")
    return Answer({"uri": bsky_ids.uri(repo, rkey, collection), "cid": bsky_ids.cid(found), "value": found})


@ROUTES.on("POST", "/xrpc/com.atproto.repo.uploadBlob", "media")
def upload(call: Call) -> Answer:
    """Any file; what it is, is seen from its first bytes and not from what the caller says."""
    data = call.request.body
    if len(data) > MOST_BLOB:
        raise Refuse(error(413, "PayloadTooLarge", "request entity too large"))
    kind = media.measure(data) or moving.measure(data) or moving.captions(data)
    mime = kind.mime if kind is not None else "application/octet-stream"
    digest = hashlib.sha256(data).hexdigest()
    row = media.keep(call, data, kind or media.Picture(mime, 0, 0))
    blob = {"$type": "blob", "ref": {"$link": bsky_ids.blob(digest)}, "mimeType": mime, "size": len(data)}
    return Answer({"blob": blob}, committed=row["id"])
