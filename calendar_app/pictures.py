"""Pictures of posts: whether they may be used, where they are used, and whom to tell when one may not be any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.notifications import tell, tell_role
from accounts.refusals import Invalid, LostRace
from calendar_app.models import Placement, Post, PostPicture
from channels_app import rights
from channels_app.models import Captions, Consent, Delivery, Media
from channels_app.outbox import Block

AHEAD = timedelta(days=14)  # so long before its time a post is told of
SOON = timedelta(days=30)  # an end that is so near is shown in the library
SHOWS = [
    ("", "In use or ready"),
    ("ending", "Rights or consent end soon"),
    ("videos", "Videos"),
    ("no-captions", "Videos without captions"),
    ("no-alt", "Without alt text"),
    ("unused", "Never used"),
    ("away", "Put away"),
]


@dataclass(frozen=True)
class Use:
    """A post on one channel that shows the picture."""

    placement: Placement
    problem: str


def local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


# --- may it be used? -------------------------------------------------------------------------------------------------


def require_usable(post: Post, keys: Sequence[str], now: datetime) -> None:
    """Refuse by name what must not be newly used; what hangs at the post already is told of elsewhere."""
    had = {str(key) for key in post.pictures.values_list("media__key", flat=True)} if post.pk else set()
    new = [key for key in keys if key not in had]
    rows = Media.objects.filter(key__in=new).prefetch_related("consents") if new else ()
    for media in rows:
        why = rights.why_not(media, local_day(now))
        if why:
            raise Invalid(why, next_step=f"Choose another {media.kind}.")


def problems(post: Post, due_at: datetime) -> list[str]:
    """Why its pictures must not go out at that time, one sentence each."""
    media = [one.media for one in post.pictures.all()]
    prefetch_related_objects(media, "consents")
    found = (rights.why_not(one, local_day(due_at), new=False) for one in media)
    return [why for why in found if why]


def recheck(delivery: Delivery, now: datetime) -> Block | None:
    """Asked at the last moment: consent may have been withdrawn since it was scheduled."""
    payload = delivery.payload
    keys = [one["media"] for one in (*payload.get("pictures", ()), *filter(None, [payload.get("video")]))]
    for media in Media.objects.filter(key__in=keys).prefetch_related("consents") if keys else ():
        why = rights.why_not(media, local_day(now), new=False)
        if why:
            return Block("picture", f"{why} Take the {media.kind} out, or replace it.")
    return None


# --- the library -----------------------------------------------------------------------------------------------------


def search(user: User, now: datetime, words: str = "", show: str = "") -> QuerySet[Media]:
    """Pictures and videos with all these words in alt text, name, credit, owner, tags or transcript, newest first."""
    rows = Media.objects.visible_to(user, now).prefetch_related("consents")
    rows = rows.filter(state="ready", retired_at__isnull=False) if show == "away" else rows.offered()
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(alt__icontains=word)
            | Q(name__icontains=word)
            | Q(credit__icontains=word)
            | Q(owner__icontains=word)
            | Q(tags__icontains=word)
            | Q(transcript__icontains=word)
        )
    if show == "ending":
        by = local_day(now) + SOON
        ends = Consent.objects.filter(media=OuterRef("pk")).filter(Q(until__lte=by) | Q(withdrawn_at__isnull=False))
        rows = rows.filter(Q(rights_until__lte=by) | Exists(ends))
    if show in ("videos", "no-captions"):
        rows = rows.filter(kind="video")
    if show == "no-captions":
        rows = rows.filter(burned=False).exclude(Exists(Captions.objects.filter(media=OuterRef("pk"))))
    if show == "no-alt":
        rows = rows.filter(alt="")
    if show == "unused":
        rows = rows.exclude(Exists(PostPicture.objects.filter(media=OuterRef("pk"))))
    return rows


def being_checked(user: User) -> list[Media]:
    """What this person added that is not looked into yet."""
    return list(Media.objects.filter(by=user, state="waiting").order_by("at"))


@transaction.atomic
def describe(media: Media, told: dict[str, object], *, by: User, now: datetime) -> Media:
    """Keep what was said about a picture. Posts keep their own alt text; new ones begin with this one."""
    require(by, "upload_media", now)
    was = {name: str(getattr(media, name) or "") for name in told}
    became = {name: str(value or "") for name, value in told.items()}
    if was == became:
        return media
    Media.objects.filter(pk=media.pk).update(**told)
    media = Media.objects.get(pk=media.pk)
    audit.record("described", media, by=by, now=now, was=was, became=became)
    tell_of(media, now)
    return media


@transaction.atomic
def put_away(media: Media, why: str, instead: Media | None, *, by: User, now: datetime) -> None:
    """Offer it no longer. What shows it already keeps it; `instead` is offered in its place."""
    require(by, "upload_media", now)
    if not why.strip():
        raise Invalid("Say why it is put away, so that nobody adds it again.")
    facts = {"retired_at": now, "retired_why": why.strip()[:200], "replaced_by": instead}
    if not Media.objects.filter(pk=media.pk, retired_at=None).update(**facts):
        raise LostRace("It was put away already.")
    audit.record("put_picture_away", media, by=by, now=now, why=why.strip()[:200])


@transaction.atomic
def take_out_again(media: Media, *, by: User, now: datetime) -> None:
    require(by, "upload_media", now)
    Media.objects.filter(pk=media.pk).update(retired_at=None, retired_why="", replaced_by=None)
    audit.record("took_picture_up", media, by=by, now=now)


# --- where it is used ------------------------------------------------------------------------------------------------


def uses(media: Media, user: User, now: datetime) -> tuple[list[Use], int]:
    """The posts this person sees with the picture, the latest first, and how many more there are."""
    every = Placement.objects.filter(post__pictures__media=media)
    seen = Placement.objects.visible_to(user, now).filter(pk__in=every.values("pk"))
    rows = seen.select_related("post", "channel", "delivery").order_by("-due_at", "-pk")
    prefetch_related_objects([media], "consents")
    found = [Use(one, "" if one.is_out else _problem(media, one, now)) for one in rows[:60]]
    return found, every.count() - seen.count()


def used_in(media: Iterable[Media]) -> dict[int, int]:
    """In how many posts that are not dropped each of these stands, by row id: one query."""
    rows = PostPicture.objects.filter(media__in=list(media), post__dropped_at=None).order_by()
    return dict(rows.values_list("media").annotate(Count("post")))


def _problem(media: Media, placement: Placement, now: datetime) -> str:
    return rights.why_not(media, local_day(max(placement.due_at or now, now)), new=False)


def waiting_with(media: Media, now: datetime) -> Iterable[Placement]:
    """What is planned with it and is not out."""
    rows = Placement.objects.planned().filter(post__pictures__media=media, due_at__gt=now)
    rows = rows.select_related("post__author", "channel__scope", "delivery").order_by("due_at")
    return [one for one in rows if not one.is_out]


def tell_of(media: Media, now: datetime, within: timedelta | None = None) -> int:
    """Tell the author and the publishers of each planned post that must not go out with it; how many posts."""
    media = Media.objects.prefetch_related("consents").get(pk=media.pk)
    count = 0
    for one in waiting_with(media, now):
        why = _problem(media, one, now)
        if not why or (within and one.due_at and one.due_at > now + within):
            continue
        count += 1
        words = f"“{one.post}” is planned for {one.channel} with a {media.kind} that may not be used then. {why}"
        url, once = reverse("calendar:post", args=[one.post.key]), f"picture:{media.pk}:{one.pk}:{why}"[:100]
        tell(one.post.author, "post.picture", words, url, now=now, once=once)
        besides = [one.post.author]
        tell_role("schedule_post", one.channel.scope, "post.picture", words, url, now=now, once=once, besides=besides)
    return count


def watch(now: datetime) -> int:
    """Tell of everything that is planned for the days ahead with a picture whose right or consent ends by then."""
    by = local_day(now + AHEAD)
    ends = Consent.objects.filter(media=OuterRef("pk")).filter(Q(until__lte=by) | Q(withdrawn_at__isnull=False))
    unsure = Q(people="yes") & ~Exists(Consent.objects.filter(media=OuterRef("pk")))
    rows = Media.objects.filter(Q(rights_until__lte=by) | Exists(ends) | unsure)
    soon = Placement.objects.planned().filter(due_at__gt=now, due_at__lte=now + AHEAD)
    rows = rows.filter(Exists(PostPicture.objects.filter(media=OuterRef("pk"), post__placements__in=soon)))
    return sum(tell_of(one, now, AHEAD) for one in rows.distinct())
