"""What an account needs before people meet the town there: ticked off thing by thing, by whom and with what was done.

Three of them stay on the profile's list afterwards and are looked at again (`channels_app.profiles`); a look at one of
these is a tick here as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Town, User
from accounts.refusals import Invalid
from channels_app.models import Channel, Papers, ProfileLook

SETTINGS: Mapping[str, str] = {
    "x": "Pictures carry alt text, videos captions, and the display name has no row of emojis.",
    "facebook": "Alt texts are written by us and not left to the network, and videos carry checked captions.",
    "instagram": "Alt text is filled in for every picture, captions are on for reels, and highlights have names.",
    "mastodon": "The account's settings ask for alt text before posting, and posts carry their language.",
    "bluesky": "“Require alt text before posting” is switched on in the accessibility settings.",
    "linkedin": "Pictures carry alt text, and documents that are attached can be read by a screen reader.",
    "youtube": "Captions are checked by a person, and every video has a description of its own.",
    "vimeo": "Captions are checked by a person, and the player shows them.",
    "pinterest": "Every Pin has alt text and a description that stands without the picture.",
    "wordpress": "The theme passes an accessibility check, and the media library asks for alt text.",
}
PLAIN = "Pictures carry alt text, videos captions, and nothing is told by a picture alone."


@dataclass(frozen=True)
class Item:
    """One thing of the kit. `text` is a proposal to copy, empty where there is none."""

    key: str
    name: str
    look_for: str
    text: str = ""


@dataclass(frozen=True)
class Ticked:
    item: Item
    look: ProfileLook | None


def items_of(channel: Channel, town: Town, papers: Papers) -> list[Item]:
    """The kit of this network, with words made of the town, its objective and its policy."""
    aim = f" {papers.objective.sentence.rstrip('.')}." if papers.objective else ""
    rules = f"{town.public_url.rstrip('/')}/policy/public/policy/" if town.public_url else ""
    promise = "Nobody is answered here: this account only warns."
    if channel.purpose == "conversation":
        promise = "Says within which time people are answered, as promised under Settings, Response promises."
    return [
        Item("bio", "Profile text", "Says whose account it is and what for.", f"The account of {town.name}.{aim}"),
        Item("link", "Link", "Leads to the town's own page about what people come for here."),
        Item("kit_rules", "House rules", "Linked or pinned: what is hidden, by which rule, and who decides.", rules),
        Item("contact", "Contact and hours", "The hours somebody reads here, and whom to call in an emergency."),
        Item("kit_promise", "Response promise", promise),
        Item("kit_access", "Accessibility settings", SETTINGS.get(channel.platform, PLAIN)),
    ]


def of(channel: Channel, town: Town, papers: Papers) -> list[Ticked]:
    """Each thing with who did it, or without."""
    looks = {look.item: look for look in ProfileLook.objects.filter(channel=channel).select_related("by")}
    return [Ticked(one, looks.get(one.key)) for one in items_of(channel, town, papers)]


def tick(channel: Channel, keys: Collection[str], note: str, *, by: User, now: datetime) -> None:
    """Somebody did these things and says what. Raises Invalid."""
    names = {one.key: one.name for one in items_of(channel, Town.here(), Papers(channel=channel))}
    wanted = [key for key in names if key in keys]
    if not wanted:
        raise Invalid("Tick at least one thing.")
    if not note.strip():
        raise Invalid("Say in a few words what was done.")
    facts = {"looked_on": now.astimezone(Town.here().tz).date(), "by": by, "note": note.strip()[:300]}
    with transaction.atomic():
        for key in wanted:
            ProfileLook.objects.update_or_create(channel=channel, item=key, defaults=facts)
        done = [names[key] for key in wanted]
        audit.record("ticked_kit", channel, by=by, now=now, items=done, note=facts["note"])
