"""Telling people: a row in the app first, then a mail. Telling the same thing twice is telling it once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import mailing
from accounts.access import who_may
from accounts.models import Notification, Scope, User


def tell(
    user: User, event: str, words: str, url: str = "", *, now: datetime, once: str = "", mail: bool = True
) -> Notification | None:
    """Tell one person. With `once`, a second call with the same word returns None and tells nobody."""
    if not user.is_active:
        return None
    fields = {"at": now, "event": event, "words": words[:300], "url": url}
    with transaction.atomic():
        if once:
            note, new = Notification.objects.get_or_create(user=user, once=once, defaults=fields)
        else:
            note, new = Notification.objects.create(user=user, **fields), True
        if new and mail and mailing.is_on():
            mailing.post(user.email, words, _text(user, words, url), "notification", now=now, user=user)
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
) -> list[Notification]:
    """Tell everybody who may do `act` (a word of the access table, or a role) over `scope`, except `besides`."""
    skip = {user.pk for user in besides}
    told = [
        tell(user, event, words, url, now=now, once=once, mail=mail)
        for user in who_may(act, now, scope)
        if user.pk not in skip
    ]
    return [note for note in told if note]


def unread_count(user: User) -> int:
    return Notification.objects.filter(user=user).unread().count()


def mark_read(user: User, now: datetime, pk: int | None = None) -> int:
    """Mark one of the person's notifications as read, or all; returns how many were unread."""
    notes = Notification.objects.filter(user=user).unread()
    return (notes.filter(pk=pk) if pk else notes).update(read_at=now)


def _text(user: User, words: str, url: str) -> str:
    lines = [f"Hello {user.name},", "", words]
    if url and settings.PUBLIC_URL:
        lines += ["", mailing.absolute(url)]
    elif url:
        lines += ["", "Open Parley to see more."]
    return "\n".join([*lines, "", "Parley"])
