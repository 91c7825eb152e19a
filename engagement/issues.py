"""What people at the desk do with an issue: say how it stands, add or take out a report, promise, and close it once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, LostRace
from engagement import closings, promising, threads
from engagement.models import Conversation, Issue, IssueMember, Promise, PromiseReport
from policy.moves import move

LONGEST = 300


@transaction.atomic
def say(issue: Issue, status: str, *, by: User, now: datetime) -> Issue:
    """The one sentence that says how it stands; the ones before are in the audit trail."""
    fresh, words = _open(issue), " ".join(status.split())
    require_here(fresh, by, now)
    if len(words) > LONGEST:
        raise Invalid(f"Say it in at most {LONGEST} characters; this has {len(words)}.")
    if words != fresh.status:
        audit.record("issue_status", fresh, by=by, now=now, was=fresh.status, became=words)
        Issue.objects.filter(pk=fresh.pk).update(status=words, version=F("version") + 1)
    return held(fresh)


@transaction.atomic
def add(issue: Issue, conversation: Conversation, *, by: User, now: datetime) -> IssueMember:
    """This conversation reports it too; one that was taken out comes back."""
    require(by, "answer", now, conversation.channel.scope)
    fresh = _open(issue)
    fields = {"reported_at": conversation.opened_at, "added_by": by, "added_at": now}
    row, new = IssueMember.objects.get_or_create(issue=fresh, conversation=conversation, defaults=fields)
    if not new and row.out_at is None:
        return row
    IssueMember.objects.filter(pk=row.pk).update(out_at=None, out_by=None, added_by=by)
    audit.record("joined_issue", fresh, by=by, now=now, conversation=str(conversation.key))
    Issue.objects.filter(pk=fresh.pk).update(version=F("version") + 1)
    if fresh.promise and fresh.promise.state == "open":
        promising.join(fresh.promise, [conversation], by=by, now=now)
    threads.beat(conversation.channel)
    return row


@transaction.atomic
def take_out(issue: Issue, conversation: Conversation, *, by: User, now: datetime) -> None:
    """It is about something else; it does not join again by itself, and does not wait for the issue's promise."""
    require(by, "answer", now, conversation.channel.scope)
    fresh = _open(issue)
    rows = IssueMember.objects.filter(issue=fresh, conversation=conversation, out_at=None)
    if not rows.update(out_at=now, out_by=by):
        raise LostRace("A colleague took it out already.")
    audit.record("left_issue", fresh, by=by, now=now, conversation=str(conversation.key))
    Issue.objects.filter(pk=fresh.pk).update(version=F("version") + 1)
    joined = PromiseReport.objects.filter(promise=fresh.promise_id, conversation=conversation, reply=None)
    if fresh.promise and joined.exists() and fresh.promise.conversation_id != conversation.pk:
        promising.leave(fresh.promise, conversation, by=by, now=now)
    threads.beat(conversation.channel)


@transaction.atomic
def promise(issue: Issue, *, what: str, owner: User, due_on: date, public: bool, by: User, now: datetime) -> Promise:
    """Promise it to everybody who reported it, and to whoever still will."""
    fresh = _open(issue)
    require_here(fresh, by, now)
    if fresh.promise and fresh.promise.state == "open":
        raise IllegalMove("This issue has an open promise already.", next_step="Change that one.")
    if fresh.promise:
        raise IllegalMove(
            "Its promise has ended.", next_step="Close the issue, or promise in one of the conversations."
        )
    homes = list(_inside(fresh))
    made = promising.promise(homes[0], what=what, owner=owner, due_on=due_on, public=public, by=by, now=now)
    promising.join(made, homes[1:], by=None, now=now)
    Issue.objects.filter(pk=fresh.pk).update(promise=made, version=F("version") + 1)
    return made


@transaction.atomic
def close(issue: Issue, *, by: User, now: datetime, closing: str = "", why: str = "") -> Issue:
    """Done, once. With `closing` every reporter's answer is drafted, and the issue's promise is kept."""
    fresh, told, reason = _open(issue), closing.strip(), " ".join(why.split())[:LONGEST]
    require_here(fresh, by, now)
    if not told and not reason:
        raise Invalid("Write what the reporters are told, or why there is nothing to tell them.")
    waits = fresh.promise if fresh.promise and fresh.promise.state == "open" else None
    if waits and not told:
        raise Invalid(
            "Its promise is still open.", next_step="Write what the reporters are told, or end the promise first."
        )
    done: dict[str, Any] = {"closed_at": now, "closed_by": by, "closing": told, "why": reason}
    move(fresh, "closed", now=now, by=by, reason=reason, version=F("version") + 1, **done)
    if waits:
        promising.end(waits, "kept", by=by, now=now, closing=told)
    elif told:
        closings.draft(members(fresh), told, by=by, now=now)
    return fresh


@transaction.atomic
def draft_rest(issue: Issue, *, by: User, now: datetime) -> int:
    """Draft the closing answer for those who have none yet; returns how many were drafted."""
    fresh = held(issue)
    require_here(fresh, by, now)
    if not fresh.closing:
        raise IllegalMove("This issue has no closing words.", next_step="Close it with what the reporters are told.")
    if fresh.promise:
        return promising.draft_rest(fresh.promise, by=by, now=now)
    return closings.draft(members(fresh), fresh.closing, by=by, now=now)


def members(issue: Issue) -> closings.Rows:
    """Who is in it now."""
    return IssueMember.objects.filter(issue=issue, out_at=None)


def require_here(issue: Issue, by: User, now: datetime) -> None:
    """Raise unless this person answers on every channel it is reported on."""
    for home in _inside(issue):
        require(by, "answer", now, home.channel.scope)


def held(issue: Issue) -> Issue:
    """The issue as it is now, locked until the transaction ends."""
    rows = Issue.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("promise__conversation__channel__scope", "promise__owner").get(pk=issue.pk)


def address(issue: Issue) -> str:
    return reverse("issues:issue", args=[issue.key])


def _inside(issue: Issue) -> list[Conversation]:
    rows = Conversation.objects.filter(issue_members__issue=issue, issue_members__out_at=None)
    return list(rows.select_related("channel__scope").order_by("issue_members__reported_at", "pk"))


def _open(issue: Issue) -> Issue:
    fresh = held(issue)
    if fresh.state != "open":
        raise LostRace("This issue is closed already.", next_step="Load it again.")
    return fresh
