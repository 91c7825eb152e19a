"""The production board: what has to be made, and what a thing needs before everybody can use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid
from calendar_app.models import Asset
from channels_app import captions
from policy.moves import move

NEEDED = {"captions": "captions", "transcript": "a transcript", "text_version": "a text version"}
SHOWN = ("asked", "making", "checking", "done")
DONE_SHOWN = 12


@dataclass(frozen=True)
class Column:
    """One state of the board with its things, the most urgent first."""

    state: str
    name: str
    rows: list[Asset]
    hours: Decimal
    cost: Decimal


def board(today: date) -> list[Column]:
    """What is asked for, made, checked, and the newest that are done."""
    every = list(Asset.objects.exclude(state="dropped").select_related("campaign", "media"))
    columns = []
    for state in SHOWN:
        rows = [one for one in every if one.state == state]
        rows.sort(key=lambda one: (one.due_on is None, one.due_on or today, one.pk))
        shown = sorted(rows, key=lambda one: -one.pk)[:DONE_SHOWN] if state == "done" else rows
        hours = sum((one.hours or Decimal(0) for one in rows), Decimal(0))
        cost = sum((one.cost or Decimal(0) for one in rows), Decimal(0))
        columns.append(Column(state, dict(Asset.STATES)[state], shown, hours, cost))
    return columns


def missing(asset: Asset) -> list[str]:
    """What it still needs so that everybody can use it, in words."""
    found = [NEEDED[name] for name in asset.NEEDS.get(asset.kind, ()) if not getattr(asset, name).strip()]
    if asset.kind == "image" and found and asset.media is not None and asset.media.alt:
        return []
    return found


def wrong_captions(text: str) -> list[str]:
    return captions.problems(text) if text.strip() else []


@transaction.atomic
def ask(told: Mapping[str, Any], *, by: User, now: datetime) -> Asset:
    """Put something on the board. Raises Invalid for captions that are none."""
    require(by, "plan_campaign", now)
    _check(told)
    row = Asset.objects.create(by=by, at=now, **told)
    audit.record("asked_for", row, by=by, now=now, what=row.kind)
    return row


@transaction.atomic
def change(asset: Asset, told: Mapping[str, Any], *, by: User, now: datetime) -> Asset:
    """Other facts. What is done stays complete: nothing it needs can be taken away."""
    require(by, "plan_campaign", now)
    _check(told)
    draft = Asset.objects.select_for_update(of=("self",)).select_related("media").get(pk=asset.pk)
    for name, value in told.items():
        setattr(draft, name, value)
    if draft.state == "done" and missing(draft):
        raise Invalid(
            f"It is done and cannot lose {_listed(missing(draft))}.", next_step="Take it back to making first."
        )
    Asset.objects.filter(pk=asset.pk).update(**told)
    audit.record("changed", asset, by=by, now=now)
    return Asset.objects.get(pk=asset.pk)


@transaction.atomic
def take_to(asset: Asset, state: str, *, by: User, now: datetime) -> Asset:
    """Move it along the board. Done means that everybody can use it. Raises Invalid with what is missing."""
    require(by, "plan_campaign", now)
    if state == "done":
        wanted = missing(asset)
        if wanted:
            raise Invalid(
                f"“{asset}” is not done without {_listed(wanted)}.", next_step="Add it on its page, then finish."
            )
    return move(asset, state, now=now, by=by)


def _check(told: Mapping[str, Any]) -> None:
    found = wrong_captions(str(told.get("captions", "")))
    if found:
        raise Invalid(f"These captions cannot be shown. {' '.join(found)}")


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
