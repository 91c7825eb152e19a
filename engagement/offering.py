"""What one list knows and another does not, offered there so that nobody types it twice.

Places are listed to gather reports of the same street; a watch on a place has a purpose and an end besides. Public
voices are the accounts a watch may name; relationships are those we keep in touch with. Each stays a list of its own:
being on one puts nobody on the other by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from engagement import placing
from engagement.models import Place, PublicVoice, RelationshipHandle, Watch, WatchHit
from engagement.rules.matching import handle

ON_PLACES = ("place", "location")
PUBLIC = ("organisation", "group", "role")


@dataclass(frozen=True)
class Named:
    """A place that a watch listens for and the town's list does not hold, as the list would take it."""

    watch: Watch
    name: str
    others: list[str]


def places_of_watches(user: User, now: datetime) -> list[Named]:
    """Places in the watches this person sees of which no name is on the town's list yet."""
    known = placing.Names.of(Place.objects.filter(active=True).values_list("pk", "name", "other_names"))
    watches = Watch.objects.visible_to(user, now).filter(kind__in=ON_PLACES).exclude(state="ended")
    return [_named(one) for one in watches if not any(_is_known(known, name) for name in (one.name, *one.names))]


def _is_known(known: placing.Names, name: str) -> bool:
    return any(words in known.known for words in placing.spellings(name))


def _named(watch: Watch) -> Named:
    said = [one for one in watch.names if not one.startswith(("@", "#")) and "*" not in one] or [watch.name]
    return Named(watch, said[0][:80], said[1:])


def places() -> list[Place]:
    """The town's list, for a watch to begin with."""
    return list(Place.objects.filter(active=True))


def watch_on(key: str) -> dict[str, Any]:
    """What a watch on this place of the list begins with; nothing for what is not on it."""
    place = Place.objects.filter(key=_key(key), active=True).first()
    if place is None:
        return {}
    return {"kind": "place", "name": place.name, "names": "\n".join([place.name, *place.other_names])}


def accounts_of_relationships() -> list[RelationshipHandle]:
    """Accounts of organisations, groups and public roles we keep in touch with that are no public voice yet."""
    listed = set(PublicVoice.objects.filter(ended_at=None).values_list("handle", flat=True))
    rows = RelationshipHandle.objects.filter(relationship__active=True, relationship__kind__in=PUBLIC)
    rows = rows.select_related("relationship").order_by("relationship__name", "handle")
    return [row for row in rows if handle(row.handle) not in listed]


def voice_of(row: RelationshipHandle) -> dict[str, str]:
    """What the list of public voices takes over of an account; why it is public is for a person to say."""
    one = row.relationship
    return {"name": one.name[:120], "kind": one.kind, "handle": f"@{row.handle}", "why": one.basis or one.about}


def voices_without_relationship() -> list[PublicVoice]:
    """Public voices of which no account is in a record of ours."""
    kept = set(RelationshipHandle.objects.filter(relationship__active=True).values_list("handle", flat=True))
    known = {handle(one) for one in kept}
    return [one for one in PublicVoice.objects.filter(ended_at=None) if one.handle not in known]


def relationship_with(key: str) -> dict[str, str]:
    """What a record of this public voice begins with; nothing for what is no public voice."""
    voice = PublicVoice.objects.filter(key=_key(key), ended_at=None).first()
    if voice is None:
        return {}
    return {"kind": voice.kind, "name": voice.name, "about": voice.why, "handles": _account(voice)}


def _account(voice: PublicVoice) -> str:
    """Its account as a record names it: on the network where it was heard, else where such a handle can be."""
    heard = WatchHit.objects.filter(voice=voice).values_list("channel__platform", flat=True).first()
    guess = "mastodon" if "@" in voice.handle else "x"
    if heard == "mastodon" and "@" not in voice.handle:
        heard = None
    return f"{heard or guess} @{voice.handle}"


def first_of(rows: Iterable[RelationshipHandle], asked: str) -> dict[str, str]:
    """The account that the address asks for, as the list of public voices takes it."""
    return next((voice_of(row) for row in rows if str(row.pk) == asked), {})


def _key(said: str) -> UUID:
    """A public key as it was typed; one that nothing has where it is none."""
    try:
        return UUID(said)
    except ValueError:
        return UUID(int=0)
