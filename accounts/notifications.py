"""Telling people: a row in the app first, then a mail as the person wants it. Telling twice is telling once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import events, mailing
from accounts.access import who_may
from accounts.mailing import Enclosure
from accounts.models import Notification, NotificationChoice, Scope, User


def tell(
    user: User, event: str, words: str, url: str = "", *, now: datetime, once: str = "", mail: bool = True,
    enclosed: Enclosure | None = None, beneath: str = "",
) -> Notification | None:  # fmt: skip
    """Tell one person. With `once`, a second call with the same word returns None and tells nobody.

    With `mail`, the person's own choice for the event says whether a mail goes at once, in a letter of many, or not.
    What is `enclosed` goes with a mail at once, and so do the words `beneath` it.
    """
    if not user.is_active:
        return None
    how = how_for(user, event) if mail and mailing.is_on() else events.OFF
    digest = how if how in {events.DAY, events.WEEK} else ""
    fields = {"at": now, "event": event, "words": words[:300], "url": url, "digest": digest}
    with transaction.atomic():
        if once:
            note, new = Notification.objects.get_or_create(user=user, once=once, defaults=fields)
        else:
            note, new = Notification.objects.create(user=user, **fields), True
        if new and how == events.NOW:
            text = _text(user, words, url, beneath)
            mailing.post(user.email, words, text, "notification", now=now, user=user, enclosed=enclosed)
    return note if new else None


def tell_role(
    act: str,
    scope: Scope | None,
    event: str,
    words: str,
    url: str = "",
    *,
    now: datetime,
    once: str = "",
    mail: bool = True,
    besides: Iterable[User] = (),
    enclosed: Enclosure | None = None,
    beneath: str = "",
) -> list[Notification]:
    """Tell everybody who may do `act` (a word of the access table, or a role) over `scope`, except `besides`."""
    skip = {user.pk for user in besides}
    told = [
        tell(user, event, words, url, now=now, once=once, mail=mail, enclosed=enclosed, beneath=beneath)
        for user in who_may(act, now, scope, keys=False)
        if user.pk not in skip
    ]
    return [note for note in told if note]


def how_for(user: User, event: str) -> str:
    """How this person is mailed about this event: now, day, week or off."""
    if events.is_fixed(event):
        return events.NOW
    line = events.of(event)
    chosen = NotificationChoice.objects.filter(user=user, event=line.start).values_list("how", flat=True).first()
    return chosen or line.how


def choices_of(user: User) -> dict[str, str]:
    """The way of mailing for every event, by its start."""
    chosen = dict(NotificationChoice.objects.filter(user=user).values_list("event", "how"))
    return {event.start: chosen.get(event.start, event.how) for event in events.EVENTS}


def choose(user: User, wanted: dict[str, str]) -> None:
    """Keep the person's own choices; what is as usual needs no row."""
    with transaction.atomic():
        NotificationChoice.objects.filter(user=user).delete()
        NotificationChoice.objects.bulk_create(
            NotificationChoice(user=user, event=start, how=how)
            for start, how in wanted.items()
            if start in events.STARTS and how != events.STARTS[start].how and not events.is_fixed(start)
        )


def stop_letters(user: User, kind: str) -> int:
    """No more daily (or weekly) letters: what came by them is told in the app alone. Returns how many lines changed."""
    now = choices_of(user)
    changed = [start for start, how in now.items() if how == kind]
    choose(user, now | dict.fromkeys(changed, events.OFF))
    Notification.objects.filter(user=user, digest=kind).update(digest="")
    return len(changed)


def unread_count(user: User) -> int:
    return Notification.objects.filter(user=user).unread().count()


def mark_read(user: User, now: datetime, pk: int | None = None) -> int:
    """Mark one of the person's notifications as read, or all; returns how many were unread."""
    notes = Notification.objects.filter(user=user).unread()
    return (notes.filter(pk=pk) if pk else notes).update(read_at=now)


def _text(user: User, words: str, url: str, beneath: str = "") -> str:
    lines = [f"Hello {user.name},", "", words]
    if url and settings.PUBLIC_URL:
        lines += ["", mailing.absolute(url)]
    elif url:
        lines += ["", "Open Parley to see more."]
    return "\n".join([*lines, *(["", beneath] if beneath else []), "", "Parley"])
