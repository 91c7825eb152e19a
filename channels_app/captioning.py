"""The captions of a video: kept as they were given, read by a person, and the newest ones go out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app import captions
from channels_app.models import Captions, Media

LARGEST = 2_000_000  # bytes; twice what captions of a million characters mostly take


@transaction.atomic
def add(media: Media, text: str, language: str, *, read: bool, by: User, now: datetime) -> Captions:
    """Keep these captions; they go out with the video from now on. Invalid says what is wrong, line by line.

    `read`: whoever brings them has read them against the video.
    """
    require(by, "upload_media", now)
    if not media.is_video:
        raise Invalid("Only a video has captions.")
    found = captions.problems(text)
    if found:
        raise Invalid(f"These captions cannot be shown. {' '.join(found)}")
    whose = {"read_by": by, "read_at": now} if read else {}
    row = Captions.objects.create(media=media, text=text, language=language, by=by, at=now, **whose)
    audit.record("added_captions", media, by=by, now=now, captions=str(row.key), language=language, read=read)
    return row


@transaction.atomic
def note_read(row: Captions, *, by: User, now: datetime) -> None:
    """A person has read them against the video: names, numbers, who speaks."""
    require(by, "upload_media", now)
    if not Captions.objects.filter(pk=row.pk, read_by=None).update(read_by=by, read_at=now):
        raise LostRace("Somebody has read them already.")
    audit.record("read_captions", row.media, by=by, now=now, captions=str(row.key))


def standing(media: Media, newest: Captions | None) -> str:
    """How the video speaks to those who cannot hear it: open, reviewed, auto (nobody has read them) or none."""
    if media.burned:
        return "open"
    if newest is None:
        return "none"
    return "reviewed" if newest.read_by_id else "auto"
