"""Whether a picture may be used on a day: the licence has not ended, and everybody shown has agreed and still does."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app.models import Consent, Media


def why_not(media: Media, day: date, *, new: bool = True) -> str:
    """Why it must not be used on that day, in a sentence; empty when it may. What is put away is only not used anew."""
    if new and media.retired_at is not None:
        return f"“{media.name}” was put away{f': {media.retired_why}' if media.retired_why else '.'}"
    if media.rights_until is not None and media.rights_until < day:
        return f"The rights to “{media.name}” end on {_day(media.rights_until)}."
    for one in media.consents.all():
        words = of_consent(one, day)
        if words and not _again(one, media, day):
            return f"“{media.name}”: {words}"
    if media.people == "yes" and not media.consents.all():
        return f"“{media.name}” shows people, and no consent is noted."
    return ""


def of_consent(one: Consent, day: date) -> str:
    """What stands against this consent on that day."""
    if one.withdrawn_at is not None:
        return f"{one.who} withdrew their consent."
    if one.until is not None and one.until < day:
        return f"the consent of {one.who} ends on {_day(one.until)}."
    return ""


def _again(one: Consent, media: Media, day: date) -> bool:
    """Whether the same person has given another consent that holds."""
    later = [row for row in media.consents.all() if row.who.casefold() == one.who.casefold() and row.pk != one.pk]
    return any(not of_consent(row, day) and row.at > one.at for row in later)


def ends_on(media: Media) -> date | None:
    """The first day that ends a right or a consent which holds until then."""
    ends = [one.until for one in media.consents.all() if one.until and one.withdrawn_at is None]
    return min([*ends, *([media.rights_until] if media.rights_until else [])], default=None)


@transaction.atomic
def agree(
    media: Media, who: str, proof: str, given_on: date, until: date | None, *, by: User, now: datetime
) -> Consent:
    """Note that somebody shown has agreed, and where that is written."""
    require(by, "upload_media", now)
    if not who.strip() or not proof.strip():
        raise Invalid("Say who is shown, and where their consent is kept.")
    if until is not None and until < given_on:
        raise Invalid("A consent cannot end before it was given.")
    row = Consent.objects.create(
        media=media, who=who.strip()[:120], proof=proof.strip()[:300], given_on=given_on, until=until, by=by, at=now
    )
    Media.objects.filter(pk=media.pk).update(people="yes")
    audit.record("noted_consent", media, by=by, now=now, consent=row.pk)
    return row


@transaction.atomic
def withdraw(row: Consent, *, by: User, now: datetime) -> None:
    """Somebody takes their consent back. It holds from this moment."""
    require(by, "withdraw_consent", now)
    if not Consent.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=now):
        raise LostRace("This consent was withdrawn already.")
    audit.record("withdrew_consent", row.media, by=by, now=now, consent=row.pk)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
