"""Sets of filters with a name: one's own, and those a colleague shares with the team."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import QueryDict

from accounts import audit
from accounts.models import User
from accounts.refusals import Invalid
from engagement.models import SavedView
from engagement.wishes import Wish

MOST = 30


def seen_by(user: User) -> QuerySet[SavedView]:
    """Their own and the shared ones."""
    return SavedView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def save(name: str, query: str, *, shared: bool, by: User, now: datetime) -> SavedView:
    """Keep the filters of this address under a name; a name of one's own that is there already is overwritten."""
    name = _name(name)
    if (
        not SavedView.objects.filter(owner=by, name=name).exists()
        and SavedView.objects.filter(owner=by).count() >= MOST
    ):
        raise Invalid(f"You have {MOST} saved views.", next_step="Delete one you do not use.")
    kept = Wish.of(QueryDict(query).dict()).query()
    facts = {"query": kept, "shared": shared, "at": now}
    view, _ = SavedView.objects.update_or_create(owner=by, name=name, defaults=facts)
    audit.record("saved_view", view, by=by, now=now, became=name, shared=shared)
    return view


def change(view: SavedView, name: str, *, shared: bool, by: User, now: datetime) -> SavedView:
    """Another name, or shared with the team or not any more."""
    name = _name(name)
    if SavedView.objects.filter(owner=view.owner, name=name).exclude(pk=view.pk).exists():
        raise Invalid(f"You have a view called “{name}” already.")
    was, view.name, view.shared = view.name, name, shared
    view.save(update_fields=["name", "shared"])
    audit.record("changed_view", view, by=by, now=now, was=was, became=name, shared=shared)
    return view


def delete(view: SavedView, *, by: User, now: datetime) -> None:
    audit.record("deleted_view", view, by=by, now=now, was=view.name)
    view.delete()


def _name(given: str) -> str:
    name = " ".join(given.replace("\x00", " ").split())[:40]
    if not name:
        raise Invalid("Give the view a name.")
    return name
