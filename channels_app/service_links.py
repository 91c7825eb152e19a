"""The services that posts and replies lead people to: a list, and a look at each address once a day.

A look that fails once proves nothing, so it is repeated soon; after the second a link is dead, and whoever has a post
with it is told by the layer above (see `dead`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid
from channels_app.models import ServiceLink
from channels_app.platforms import http
from policy.models import Topic
from policy.moves import move

A_DAY, SOON = timedelta(days=1), timedelta(minutes=20)
AT_ONCE = 2  # addresses of one tick, so that it ends within its limit
CAP = 2 * 1024 * 1024


def add(name: str, url: str, topic: Topic | None, *, by: User, now: datetime) -> ServiceLink:
    """Put a service on the list; it is looked at within minutes. Raises Invalid."""
    require(by, "change_links", now)
    if not url.startswith("https://"):
        raise Invalid("The address must begin with https://.")
    try:
        with transaction.atomic():
            row = ServiceLink.objects.create(name=name.strip(), url=url, topic=topic, next_check_at=now)
            audit.record("listed_service", row, by=by, now=now, url=url)
    except IntegrityError:
        raise Invalid("There is a service of this name or with this address already.") from None
    return row


@transaction.atomic
def change(row: ServiceLink, name: str, url: str, topic: Topic | None, *, by: User, now: datetime) -> ServiceLink:
    """Another name, address or topic. A new address is looked at again."""
    require(by, "change_links", now)
    if not url.startswith("https://"):
        raise Invalid("The address must begin with https://.")
    if url != row.url and row.state != "new":
        move(row, "new", now=now, why="")
    was = {"name": row.name, "url": row.url}
    try:
        with transaction.atomic():
            ServiceLink.objects.filter(pk=row.pk).update(name=name.strip(), url=url, topic=topic, next_check_at=now)
    except IntegrityError:
        raise Invalid("There is a service of this name or with this address already.") from None
    audit.record("changed_service", row, by=by, now=now, was=was, url=url)
    row.refresh_from_db()
    return row


@transaction.atomic
def put_away(row: ServiceLink, *, by: User, now: datetime) -> None:
    """Offer it no longer, or again."""
    require(by, "change_links", now)
    ServiceLink.objects.filter(pk=row.pk).update(active=not row.active, next_check_at=now)
    audit.record("put_service_away" if row.active else "listed_service", row, by=by, now=now)


def offered() -> QuerySet[ServiceLink]:
    """What can be chosen, by name."""
    return ServiceLink.objects.filter(active=True).select_related("topic")


def due(now: datetime) -> QuerySet[ServiceLink]:
    """Those to be looked at now."""
    return ServiceLink.objects.filter(active=True, next_check_at__lte=now).order_by("next_check_at")


def check_due(now: datetime) -> list[ServiceLink]:
    """Look at what is due; returns those that turned out dead just now."""
    fallen = []
    for row in due(now)[:AT_ONCE]:
        was = row.state
        if check(row, now).state == "dead" and was != "dead":
            fallen.append(row)
    return fallen


def check(row: ServiceLink, now: datetime) -> ServiceLink:
    """Ask the address once, and write down what came back. Where Parley may not ask, it is not checked."""
    try:
        why = _ask(row.url)
    except http.Barred as barred:
        ServiceLink.objects.filter(pk=row.pk).update(why=str(barred)[:200], next_check_at=now + A_DAY)
        row.refresh_from_db()
        return row
    to = "ok" if not why else "dead" if row.state in {"doubt", "dead"} else "doubt"
    facts: dict[str, Any] = {
        "why": why[:200],
        "checked_at": now,
        "next_check_at": now + (SOON if to == "doubt" else A_DAY),
    }
    if to == row.state:
        ServiceLink.objects.filter(pk=row.pk).update(**facts)
        row.refresh_from_db()
        return row
    return move(row, to, now=now, **facts)


def _ask(url: str) -> str:
    """What is wrong with the address now; empty when it works. One that leads on to another works."""
    try:
        answer = http.get_public(url, cap=CAP)
    except http.Barred:
        raise
    except (http.NotSent, http.Cut) as problem:
        words = str(problem)
        return "" if "sent Parley on" in words or "more than Parley takes" in words else words
    if answer.status_code in {404, 410} or answer.status_code >= 500:
        return f"The address answers {answer.status_code}."
    return ""


def dead_in(text: str, rows: Iterable[ServiceLink]) -> list[ServiceLink]:
    """The dead ones of these that a text leads to."""
    return [row for row in rows if row.state == "dead" and row.url in text]
