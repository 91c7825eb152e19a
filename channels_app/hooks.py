"""What platforms tell us unasked: that there is something to read. What it is, is then read as always.

Of a webhook nothing is kept but the hash of its body and the moment. It is believed only where it is signed, and all it
does is to bring the next reading of the channels it is about, and of what is written under the posts it names, forward:
at most one every ten seconds, and fewer where the platform's budget allows no more; a channel that rests because of a
limit rests on. Reading by the clock goes on as if there were no webhooks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least
from django.urls import reverse

from accounts.keyring import CannotOpen
from channels_app import app_keys, vault
from channels_app.models import Channel, Credential, Cursor, WebhookSeen
from channels_app.platforms import budgets
from channels_app.platforms.base import Secret

MOST = 256 * 1024  # bytes of a body
KEPT = timedelta(days=3)  # longer than a platform repeats what we did not answer
APART = timedelta(seconds=10)
YOUNG = timedelta(days=2)  # posts that most is written under
LATELY = timedelta(minutes=5)  # and those that were read so short a time ago
NAMED, MOST_NAMED = "named", 100  # the stream of what a webhook named; so many of one webhook
ALONE = (NAMED, "direct")  # streams whose limits and faults are theirs alone
META, X = ("facebook", "instagram"), "x"
PLATFORMS = (*META, X)
SIGNATURE = {"facebook": "X-Hub-Signature-256", "instagram": "X-Hub-Signature-256", X: "X-Twitter-Webhooks-Signature"}
SIGNED_WITH = {
    "facebook": "client_secret",
    "instagram": "client_secret",
    X: "webhook_token",
}  # of the app
OWN_SECRET = {"facebook": "app_secret", "instagram": "app_secret", X: "consumer_secret"}  # of a channel
# X signs what it sends with the same key as what it asks us to sign. So words that could be a body are never signed,
# and of X a body is believed only where it is an object: the words that are signed have no brace.
ASKED = re.compile(r"[A-Za-z0-9._~+/=-]{1,256}\Z")
OFF = "Webhooks are off: Parley does not know its own public address. Set PUBLIC_URL to the https address of it."


@dataclass(frozen=True)
class About:
    """Whose news it is: the platform, the accounts it names (none: any), the posts it names, and what of others names
    the account and is in no list: a post's number, or with a slash behind it a comment's.
    """

    platform: str
    accounts: frozenset[str]
    posts: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()


def why_off() -> str:
    """Why no webhook is taken here; empty where they are."""
    return "" if settings.PRACTICE or settings.PUBLIC_URL.startswith("https://") else OFF


def address(platform: str) -> str:
    """Where the platform is to send its webhooks; empty where Parley knows no address of its own."""
    path = reverse("webhook", args=[platform])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL.startswith("https://") else ""


def handshake(platform: str, query: Mapping[str, str]) -> str | None:
    """What a platform that asks whether this address is ours is answered; None where it is nothing to answer."""
    if platform == X:
        token = query.get("crc_token", "")
        keys = list(_signing(platform))
        if not keys or not ASKED.match(token):
            return None
        return json.dumps({"response_token": _signature(platform, keys[0], token.encode())})
    expected, challenge = _keys_of(platform).get("webhook_token"), query.get("hub.challenge", "")
    given = query.get("hub.verify_token", "")
    known = expected is not None and hmac.compare_digest(expected.reveal().encode(), given.encode())
    return challenge if known and query.get("hub.mode") == "subscribe" and ASKED.match(challenge) else None


def is_signed(platform: str, body: bytes, signature: str) -> bool:
    """Whether these very bytes were signed with a key of ours, as news; every key is tried, in constant time each."""
    given = signature.encode("utf-8", "replace")
    right = [hmac.compare_digest(_signature(platform, key, body).encode(), given) for key in _signing(platform)]
    return any(right) and (platform != X or _told(body) is not None)


def take(platform: str, body: bytes, now: datetime) -> bool:
    """Note a signed webhook and bring the reading it asks for forward. False where it was here before."""
    with transaction.atomic():
        digest = hashlib.sha256(body).hexdigest()
        _, new = WebhookSeen.objects.get_or_create(platform=platform, sha256=digest, defaults={"at": now})
        if new:
            about = _about(platform, body)
            channels = Channel.objects.filter(platform=about.platform, state__in=Channel.READ).exclude(remote_id="")
            channels = channels.filter(remote_id__in=about.accounts) if about.accounts else channels
            keys = list(channels.values_list("pk", flat=True))
            Channel.objects.filter(pk__in=keys).update(last_hook_at=now)
            _wake(keys, about.posts, now)
            _ask_for(about, now)
    return new


def meanwhile(cursor: Cursor, since: datetime) -> None:
    """Read once more what something was told of since this reading of it began, too late for it perhaps."""
    if Channel.objects.filter(pk=cursor.channel_id, last_hook_at__gt=since).exists():
        _wake([cursor.channel_id], [cursor.root] if cursor.root else (), since)


def forget(now: datetime) -> int:
    """Drop what no platform sends again; how many there were."""
    return WebhookSeen.objects.filter(at__lt=now - KEPT).delete()[0]


def _signing(platform: str) -> Iterator[bytes]:
    """The keys a platform may sign with: the app's, and those that came with a channel's own keys."""
    if secret := _keys_of(platform).get(SIGNED_WITH[platform]):
        yield secret.reveal().encode()
    shared = META if platform in META else (platform,)
    rows = Credential.objects.filter(channel__platform__in=shared, channel__state__in=Channel.READ)
    for row in rows.filter(field=OWN_SECRET[platform]).select_related("channel"):
        try:
            yield vault.open_(row.channel.key, row.field, row.sealed).reveal().encode()
        except CannotOpen:
            continue


def _keys_of(platform: str) -> Mapping[str, Secret]:
    """The keys of the town's app; none where they cannot be opened, for then nothing can be believed."""
    try:
        return app_keys.of(platform)
    except CannotOpen:
        return {}


def _signature(platform: str, key: bytes, body: bytes) -> str:
    made = hmac.new(key, body, hashlib.sha256)
    return f"sha256={b64encode(made.digest()).decode() if platform == X else made.hexdigest()}"


def _wake(channels: Collection[int], posts: Collection[str], now: datetime) -> None:
    rows = Cursor.objects.filter(Q(root="") | Q(root__in=posts), channel__in=channels).exclude(stream=NAMED)
    rows = rows.filter(why="", resume={}).exclude(channel__in=_resting(channels, now))
    for channel in Channel.objects.filter(pk__in=channels):
        for stream, apart in _apart(channel, now).items():
            soon = Greatest(Value(now), F("last_ok_at") + apart)
            rows.filter(channel=channel, stream=stream).update(next_poll_at=Least("next_poll_at", soon))


def _apart(channel: Channel, now: datetime) -> dict[str, timedelta]:
    """How long each stream rests between two readings, so that all that may be woken stay within the budget."""
    often = Q(root="") | Q(root_at__gt=now - YOUNG) | Q(last_ok_at__gt=now - LATELY)
    rows = Cursor.objects.filter(often, channel=channel).exclude(stream=NAMED)
    counts = dict(rows.values_list("stream").annotate(Count("pk")))
    seconds = {name: budgets.stretch(channel.platform, name, counts) for name in counts}
    return {name: max(APART, timedelta(seconds=one)) for name, one in seconds.items()}


def _ask_for(about: About, now: datetime) -> None:
    """What no list shows is asked for by its number, once: that is all that is kept of it. What stands under a post of
    our own is in a list.
    """
    told = Channel.objects.living().filter(platform=about.platform, remote_id__in=about.accounts)
    for channel in told if about.named else ():
        listed = Cursor.objects.filter(channel=channel, stream="comments").values_list("root", flat=True)
        ours = set(listed.filter(root__in=[one.partition("/")[0] for one in about.named]))
        wanted = [one for one in sorted(about.named)[:MOST_NAMED] if one.partition("/")[0] not in ours]
        Cursor.objects.bulk_create(
            (Cursor(channel=channel, stream=NAMED, root=one, root_at=now, next_poll_at=now) for one in wanted),
            ignore_conflicts=True,
        )


def _resting(channels: Collection[int], now: datetime) -> QuerySet[Cursor, Any]:
    """Channels that a platform's limit or a fault keeps waiting. One mention that cannot be read is no such fault, and
    private messages have a limit of their own.
    """
    waiting = Cursor.objects.filter(channel__in=channels, next_poll_at__gt=now).exclude(why="", resume={})
    waiting = waiting.exclude(stream__in=ALONE)
    return waiting.values("channel")


def _about(platform: str, body: bytes) -> About:
    """Whom a body names. One that cannot be read is about any account of the platform."""
    told = _told(body)
    if told is None:
        return About(platform, frozenset())
    return _of_x(told) if platform == X else _of_meta(platform, told)


def _told(body: bytes) -> dict[str, Any] | None:
    """The object that a body is; None where it is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _of_meta(platform: str, told: Mapping[str, Any]) -> About:
    """Facebook and Instagram share an app, so either may come to either's address."""
    named = {"page": "facebook", "instagram": "instagram"}.get(str(told.get("object")), platform)
    entries = _rows(told.get("entry"))
    changes = [change.get("value") for one in entries for change in _rows(one.get("changes"))]
    values = [one for one in changes if isinstance(one, dict)]
    media = [one["media"] for one in values if isinstance(one.get("media"), dict)]
    posts = [one.get("post_id") for one in values] + [one.get("id") for one in media]
    return About(named, _names(one.get("id") for one in entries), _names(posts), _naming(entries))


def _naming(entries: Collection[Mapping[str, Any]]) -> frozenset[str]:
    """Posts and comments of others that name the account."""
    found = [change for one in entries for change in _rows(one.get("changes")) if change.get("field") == "mentions"]
    values = [change["value"] for change in found if isinstance(change.get("value"), dict)]
    names = ["/".join(str(one[key]) for key in ("media_id", "comment_id") if one.get(key)) for one in values]
    return frozenset(name for name in names if re.fullmatch(r"[0-9]{1,40}(/[0-9]{1,40})?", name))


def _of_x(told: Mapping[str, Any]) -> About:
    data = told.get("data") if isinstance(told.get("data"), dict) else {}
    chosen = data.get("filter") if isinstance(data, dict) and isinstance(data.get("filter"), dict) else {}
    return About(X, _names([told.get("for_user_id"), (chosen or {}).get("user_id")]))


def _rows(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _names(values: Any) -> frozenset[str]:
    return frozenset(str(one) for one in values if isinstance(one, str | int) and one)
