"""Places where a person posts: the delivery waits for them, and is published when they say where it is.

It is never called published before that, and never called late for what nobody can know: only the moment they name
counts. While it waits it holds up nothing else.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import F

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app.models import Delivery
from channels_app.publishing.landing import Columns, land
from channels_app.publishing.obstacles import BY_HAND as WHY
from channels_app.publishing.obstacles import is_missed, lateness
from channels_app.publishing.statewords import StateWords
from channels_app.publishing.timings import times

FOUND = "Posted by hand."


def waits(delivery: Delivery) -> bool:
    """Its time has come, and nobody has said yet that it is out."""
    return delivery.state == "needs_attention" and delivery.why == WHY


def words(delivery: Delivery, now: datetime) -> StateWords:
    """What a page says while it waits; in alarm once it is later than it may be."""
    if not is_missed(delivery, now, times()):
        return StateWords("Post it by hand", "its time has come; nobody has said yet that it is out", "warn")
    minutes = int(lateness(delivery, now).total_seconds() // 60)
    late = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
    return StateWords("Post it by hand", f"{late} late; nobody has said yet that it is out", "alarm")


def posted(delivery: Delivery, url: str, at: datetime, by: User, now: datetime, version: int) -> Delivery:
    """A person posted it, and says where and when: that is its proof. Raises Invalid, LostRace."""
    address = url.strip()
    where = urlsplit(address)
    if where.scheme != "https" or not where.hostname or "." not in where.hostname or len(address) > 500:
        raise Invalid("Paste the address of the post itself.", next_step="It starts with https://.")
    if at > now:
        raise Invalid("That moment is still to come.", next_step="Say when it was posted.")
    if at < delivery.created_at.replace(second=0, microsecond=0):
        raise Invalid("That was before these words were released.", next_step="Say when they were posted.")
    if Delivery.objects.filter(channel=delivery.channel, remote_url=address).exclude(pk=delivery.pk).exists():
        raise Invalid("This address is noted for another post already.", next_step="Copy the one of this post.")
    if not waits(delivery):
        raise LostRace("This does not wait to be posted by hand any more.", next_step="Look at what became of it.")
    out: Columns = {"remote_url": address, "via": "person", "stated_by": by, "published_at": at}
    out |= {"late": is_missed(delivery, at, times()), "version": F("version") + 1, "next_action_at": None}
    held = {"version": version, "why": WHY}
    done = land(delivery, "published", "stated", now=now, by=by, reason=FOUND, why=WHY, holding=held, **out)
    audit.record("posted_by_hand", done, by=by, now=now, url=address, posted_at=at.isoformat())
    return done
