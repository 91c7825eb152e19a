"""Searching X for what strangers say: the last seven days, in as few questions as fit its limit on their length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from channels_app.platforms import x_reading
from channels_app.platforms.base import Account, Incoming
from channels_app.platforms.x_client import Client

LONGEST = 512  # characters of one question
PAGES = 3  # each costs: what is found later is found by the next search


def found(account: Account, client: Client, phrases: Sequence[str], since: datetime) -> list[Incoming]:
    """Posts of others with one of the phrases, once each."""
    items: dict[str, Incoming] = {}
    for query in queries(phrases, account.handle):
        token = ""
        for _ in range(PAGES):
            asked = x_reading.ASK | {"query": query, "max_results": "100"}
            asked |= {"start_time": since.strftime("%Y-%m-%dT%H:%M:%SZ")} | ({"next_token": token} if token else {})
            body = client.call("GET", "/2/tweets/search/recent", asked)
            items |= {one.remote_id: one for one in x_reading.page_items(account, body)}
            token = str((body.get("meta") or {}).get("next_token") or "")
            if not token:
                break
    return [one for one in items.values() if one.author_id != account.remote_id]


def queries(phrases: Sequence[str], handle: str) -> Iterator[str]:
    """The phrases joined by OR, without reposts and our own posts, split where a question would be too long."""
    end = f") -is:retweet -from:{handle.removeprefix('@')}"
    group: list[str] = []
    for phrase in filter(None, map(quoted, phrases)):
        if group and len("(" + " OR ".join([*group, phrase]) + end) > LONGEST:
            yield "(" + " OR ".join(group) + end
            group = []
        group.append(phrase)
    if group:
        yield "(" + " OR ".join(group) + end


def quoted(phrase: str) -> str:
    """A phrase as X takes it: several words in quotes, and nothing in it that means something to X."""
    plain = " ".join("".join(one if one.isalnum() or one in "@#_'’-" else " " for one in phrase).split())
    plain = plain.lstrip("-")
    return f'"{plain}"' if " " in plain or "-" in plain else plain
