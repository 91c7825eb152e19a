"""Bluesky's names for things: who somebody is, where a record stands, what its content is."""

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .world import World

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
POST, GATE, LIKE = "app.bsky.feed.post", "app.bsky.feed.threadgate", "app.bsky.feed.like"
SERVER = ".bsky.example"


def tid(micros: int, count: int) -> str:
    """A name that grows with time: 53 bits of microseconds and ten bits that tell two of the same moment apart."""
    number = ((micros & (2**53 - 1)) << 10) | (count & 0x3FF)
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(60, -1, -5))


def did(digest: int) -> str:
    """Who somebody is, whatever their handle."""
    plain = base64.b32encode(hashlib.sha256(str(digest).encode()).digest()).decode().lower()
    return f"did:plc:{plain[:24]}"


def uri(who: str, rkey: str, collection: str = POST) -> str:
    return f"at://{who}/{collection}/{rkey}"


def named(world: "World", by: str, to: str, now: float) -> str:
    """The id of a new post; of a new private message where it is `to` somebody."""
    key = world.new_id("bluesky", now)
    return f"{convo(by, to)}/{key}" if to else uri(by, key)


def convo(one: str, other: str) -> str:
    """The one conversation these two have."""
    digest = hashlib.sha256("/".join(sorted((one, other))).encode()).digest()
    return tid(int.from_bytes(digest[:6], "big"), digest[7])


def cid(record: Any) -> str:
    """The name of a record's content: another as soon as anything in it is another."""
    plain = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return _cid(0x71, hashlib.sha256(plain).digest())


def blob(sha256: str) -> str:
    """The name of a file by its checksum."""
    return _cid(0x55, bytes.fromhex(sha256))


def sha256_of(link: str) -> str:
    """The checksum inside a file's name; empty where it is none."""
    try:
        raw = base64.b32decode(link[1:].upper() + "=" * (-len(link[1:]) % 8))
    except ValueError:
        return ""
    return raw[4:].hex()


def _cid(codec: int, digest: bytes) -> str:
    raw = bytes([1, codec, 0x12, 0x20]) + digest
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def handle(name: str) -> str:
    """Every handle is a domain; those without one are of this server."""
    return name if "." in name else f"{name}{SERVER}"
