"""What the platforms of videos share: uploads that come in parts, videos, and comments in two levels under them."""

import hashlib
import json
import secrets
import sqlite3
from pathlib import Path
from typing import Any

from . import media, things
from .world import Call, World, extra

PLATFORMS = ("youtube", "vimeo")


def comment(
    world: World, by: sqlite3.Row, text: str, above: sqlite3.Row | None, now: float, columns: dict[str, Any]
) -> sqlite3.Row:
    """Somebody comments on a video or answers a comment, or else shows a video of their own.

    An answer to an answer stands beside it.
    """
    if above is None:
        return things.write(world, by["platform"], by["id"], text, now, **columns)
    if above["parent"] and above["parent"] != above["root"]:
        above = things.find(world, above["parent"])
        assert above is not None
    name = comment_id(world, above, now)
    return things.write(world, by["platform"], by["id"], text, now, id=name, parent=above, kind="comment", **columns)


def comment_id(world: World, above: sqlite3.Row, now: float) -> str:
    """The id a new comment under `above` gets, in the platform's shape."""
    number = world.store.next_number("id")
    if above["platform"] == "vimeo":
        return f"{above['root']}:{int(now) % 10**7:07d}{number % 10**4:04d}"
    if above["parent"]:
        return f"{above['id']}.9x{int(now):011d}{number:09d}"
    return f"Ugx{int(now):011d}{number:08d}AaABAg"


def is_whole(data: bytes) -> bool:
    """Whether this can be shown: it opens as an MP4 or QuickTime file does."""
    return data[4:8] == b"ftyp"


def keep(call: Call, data: bytes, mime: str) -> sqlite3.Row:
    """Store an uploaded video; it is processed for as long as the rules say, and a broken one fails then."""
    row = media.keep(call, data, media.Picture(mime, 0, 0))
    if not is_whole(data):
        call.store.update("media", {"id": row["id"]}, state="failing")
    return row


class Upload:
    """One upload that comes in parts: what it is for is in the store, its bytes are in a file until it is whole."""

    def __init__(self, world: World, name: str, facts: dict[str, Any]) -> None:
        self.world, self.name, self.facts = world, name, facts

    @property
    def path(self) -> Path:
        return self.world.store.home / "media" / f"part-{self.name}"

    @property
    def have(self) -> int:
        return int(self.facts["have"])

    @property
    def size(self) -> int:
        return int(self.facts["size"])

    def take(self, start: int, data: bytes) -> int:
        """Keep the bytes from `start` on; how many of the whole there are now. The bytes there already stay."""
        fresh = data[self.have - start :] if start <= self.have else b""
        with self.path.open("ab") as file:
            file.truncate(self.have)
            file.write(fresh)
        self.change(have=self.have + len(fresh))
        return self.have

    def change(self, **facts: Any) -> None:
        self.facts |= facts
        self.world.store.put(f"upload {self.name}", self.facts)

    def data(self) -> bytes:
        return self.path.read_bytes()[: self.size]


def begin(call: Call, size: int, mime: str, **facts: Any) -> Upload:
    """A new upload of so many bytes by the calling account."""
    token = hashlib.sha256(secrets.token_bytes(16)).hexdigest()[:32]
    made = Upload(call.world, token, {"size": size, "mime": mime, "have": 0, "account": call.me["id"], **facts})
    made.change()
    made.path.write_bytes(b"")
    return made


def find(world: World, name: str) -> Upload | None:
    facts = world.store.get(f"upload {name}") if name else None
    return Upload(world, name, facts) if facts else None


def name(upload: Upload, video: str) -> None:
    """The upload is of the video with this id, which only its owner sees until it is `out`."""
    upload.change(id=video)
    upload.world.store.put(f"video {video}", upload.name)


def draft(call: Call, video: str) -> Upload | None:
    """The upload of a video of the calling account that is not public yet."""
    made = find(call.world, call.store.get(f"video {video}") or "")
    mine = made is not None and made.facts["account"] == call.me["id"] and not made.facts.get("out")
    return made if mine else None


def publish(call: Call, made: Upload, title: str, description: str) -> sqlite3.Row:
    """The video becomes one of the town's posts: everybody can see it from now on."""
    made.change(out=True)
    row = things.write(
        call.world, call.me["platform"], call.me["id"], description, call.now, id=made.facts["id"],
        media=[made.facts["film"]], extra={"title": title, "captions": made.facts.get("captions") or []},
    )  # fmt: skip
    call.world.town.hear(row)
    return row


def captions(call: Call, row: sqlite3.Row | None, made: Upload | None) -> list[dict[str, Any]]:
    """The caption tracks of a video, public or not."""
    return list((extra(row) if row is not None else made.facts if made is not None else {}).get("captions") or [])


def keep_captions(call: Call, row: sqlite3.Row | None, made: Upload | None, tracks: list[dict[str, Any]]) -> None:
    if row is not None:
        call.store.update("posts", {"id": row["id"]}, extra=json.dumps(extra(row) | {"captions": tracks}))
    elif made is not None:
        made.change(captions=tracks)
