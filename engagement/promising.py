"""Promises to residents: made, joined by others who asked for the same, given another day, and ended once.

A promise made beside the words of an answer belongs to that answer: it counts as given when the answer is out. The end
of a promise drafts what its reporters are told; see `closings`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import audit, notifications
from accounts.access import may, require
from accounts.models import Town, User
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed, Refusal
from engagement import catching, chasing, closings, handling, promised, threads
from engagement.models import Considered, Conversation, NoPromise, Promise, PromiseDay, PromiseReport, Reply
from policy.moves import move

FURTHEST = timedelta(days=366 * 3)
LONGEST = 300
ENDS = {"kept": "It is kept.", "broken": "It is marked as broken.", "withdrawn": "It is withdrawn."}


@transaction.atomic
def promise(
    conversation: Conversation,
    *,
    what: str,
    owner: User,
    due_on: date,
    public: bool,
    by: User,
    now: datetime,
    reply: Reply | None = None,
    quote: str = "",
) -> Promise:
    """Write down what was promised in this conversation. The same words promised twice are one promise."""
    require(by, "answer", now, conversation.channel.scope)
    words = check(conversation, what, owner, due_on, now)
    fresh = handling.hold(conversation)
    open_ones = Promise.objects.filter(conversation=fresh, state="open").exclude(quote="")
    for one in open_ones if quote else ():
        if catching.same_words(one.quote) == catching.same_words(quote):
            return one
    made = Promise.objects.create(
        conversation=fresh,
        reply=reply,
        what=words,
        quote=quote[:LONGEST],
        owner=owner,
        due_on=due_on,
        first_due_on=due_on,
        public=public and not fresh.private,
        made_by=by,
        made_at=now,
    )
    PromiseReport.objects.create(promise=made, conversation=fresh, joined_by=by, joined_at=now)
    chasing.arm(made, now)
    audit.record("promised", made, by=by, now=now, due=due_on.isoformat(), owner=owner.name)
    if owner != by:
        words = f"{by.name} promised for you by {due_on.day} {due_on:%B}: {made}"
        notifications.tell(owner, "promise.yours", words, address(made), now=now)
    _changed(fresh)
    return made


def take_up(reply: Reply, details: Considered) -> None:
    """The answer of the form "we'll fix it" is out: its promise begins, unless its words were promised already."""
    now = details.opened_at
    if now is None or details.owner is None or details.due_on is None or Promise.objects.filter(reply=reply).exists():
        return
    try:
        with transaction.atomic():
            promise(
                reply.conversation,
                what=details.what,
                owner=details.owner,
                due_on=details.due_on,
                public=details.public,
                by=details.by,
                now=now,
                reply=reply,
            )
    except Refusal as problem:  # it is out, and must not be forgotten because somebody lost a right meanwhile
        words = f"A resident was told “{details.what}”, but nobody is reminded of it: {problem.words}"
        notifications.tell(details.by, "promise.yours", words, handling.address(reply.conversation), now=now)


def check(conversation: Conversation, what: str, owner: User, due_on: date, now: datetime) -> str:
    """The words as they are kept; Invalid says what is missing."""
    words = " ".join(what.split())
    if not words:
        raise Invalid("Say what is promised.")
    if len(words) > LONGEST:
        raise Invalid(f"Say it in at most {LONGEST} characters; this has {len(words)}.")
    check_day(due_on, now)
    check_owner(owner, conversation, now)
    return words


def check_day(due_on: date, now: datetime) -> None:
    today = today_of(now)
    if due_on < today:
        raise Invalid("That day has passed.", next_step="Choose today or a later day.")
    if due_on > today + FURTHEST:
        raise Invalid("That is more than three years away.", next_step="Promise a nearer step instead.")


def check_owner(owner: User, conversation: Conversation, now: datetime) -> None:
    if not owner.is_active or not may(owner, "see_inbox", now, conversation.channel.scope):
        raise NotAllowed(
            f"{owner.name} cannot see the conversations of {conversation.channel}.",
            next_step="Choose somebody who can.",
        )


@transaction.atomic
def decline(conversation: Conversation, quote: str, *, by: User, now: datetime) -> None:
    """These words are no promise; they are not asked about again in this conversation."""
    require(by, "answer", now, conversation.channel.scope)
    if not quote.strip():
        raise Invalid("Say which words are no promise.")
    fields = {"by": by, "at": now}
    _, new = NoPromise.objects.get_or_create(conversation=conversation, digest=promised.digest(quote), defaults=fields)
    if new:
        audit.record("no_promise", conversation, by=by, now=now, words=quote[:LONGEST])
        _changed(conversation)


@transaction.atomic
def join(row: Promise, conversations: Iterable[Conversation], *, by: User | None, now: datetime) -> int:
    """These people asked for the same: they hear when it is done. Returns how many are new."""
    fresh = held(row)
    if fresh.state != "open":
        raise IllegalMove(f"This promise is {fresh.get_state_display().lower()} already.")
    new = 0
    for conversation in sorted(conversations, key=lambda one: one.pk):
        if by is not None:
            require(by, "answer", now, conversation.channel.scope)
        fields = {"joined_by": by, "joined_at": now}
        _, added = PromiseReport.objects.get_or_create(promise=fresh, conversation=conversation, defaults=fields)
        if added:
            audit.record("joined_promise", fresh, by=by, now=now, conversation=str(conversation.key))
            _changed(conversation)
        new += added
    return new


@transaction.atomic
def leave(row: Promise, conversation: Conversation, *, by: User, now: datetime) -> None:
    """Not the same after all; whoever was told something already stays."""
    require(by, "answer", now, conversation.channel.scope)
    fresh = held(row)
    if fresh.conversation_id == conversation.pk:
        raise IllegalMove("It was promised in this conversation.", next_step="Withdraw the promise instead.")
    gone, _ = PromiseReport.objects.filter(promise=fresh, conversation=conversation, reply=None).delete()
    if not gone:
        raise IllegalMove("This person is being told already.")
    audit.record("left_promise", fresh, by=by, now=now, conversation=str(conversation.key))
    _changed(conversation)


@transaction.atomic
def re_date(row: Promise, due_on: date, reason: str, *, by: User, now: datetime) -> Promise:
    """Another day, with the reason; the day before and who changed it stay to be read."""
    require(by, "assign", now, row.conversation.channel.scope)
    fresh = _open(row)
    why = " ".join(reason.split())
    if not why:
        raise Invalid("Say why it is another day.")
    check_day(due_on, now)
    if due_on == fresh.due_on:
        raise Invalid("It is that day already.", next_step="Choose another day.")
    PromiseDay.objects.create(promise=fresh, was_on=fresh.due_on, due_on=due_on, reason=why[:LONGEST], by=by, at=now)
    was, fresh.due_on = fresh.due_on, due_on
    Promise.objects.filter(pk=fresh.pk).update(due_on=due_on, version=F("version") + 1)
    chasing.arm(fresh, now)
    audit.record(
        "re_dated", fresh, by=by, now=now, was=was.isoformat(), became=due_on.isoformat(), reason=why[:LONGEST]
    )
    if fresh.owner != by:
        words = f"{by.name} moved this promise to {due_on.day} {due_on:%B}: {fresh}"
        notifications.tell(fresh.owner, "promise.re_dated", words, address(fresh), now=now)
    _changed(fresh.conversation)
    return fresh


@transaction.atomic
def hand_over(row: Promise, owner: User, *, by: User, now: datetime) -> Promise:
    """Somebody else sees to it from now on."""
    require(by, "assign", now, row.conversation.channel.scope)
    fresh = _open(row)
    check_owner(owner, fresh.conversation, now)
    return fresh if owner == fresh.owner else _give(fresh, owner, by, now)


@transaction.atomic
def pass_on(row: Promise, owner: User, *, by: User, now: datetime) -> Promise:
    """Its owner has left: this one sees to it from now on, whatever rights the person has who says so."""
    fresh = _open(row)
    check_owner(owner, fresh.conversation, now)
    return _give(fresh, owner, by, now)


def _give(fresh: Promise, owner: User, by: User, now: datetime) -> Promise:
    was, fresh.owner = fresh.owner, owner
    Promise.objects.filter(pk=fresh.pk).update(owner=owner, version=F("version") + 1)
    audit.record("handed_over", fresh, by=by, now=now, was=was.name, became=owner.name)
    if owner != by:
        words = f"{by.name} gave you a promise, due {fresh.due_on.day} {fresh.due_on:%B}: {fresh}"
        notifications.tell(owner, "promise.yours", words, address(fresh), now=now)
    _changed(fresh.conversation)
    return fresh


@transaction.atomic
def end(row: Promise, how: str, *, by: User, now: datetime, reason: str = "", closing: str = "") -> Promise:
    """Kept, broken or withdrawn, once. With `closing`, that answer is drafted for every reporter.

    Kept wants the words its reporters are told; broken and withdrawn want the reason.
    """
    require(by, "answer", now, row.conversation.channel.scope)
    fresh, told, why = _open(row), closing.strip(), " ".join(reason.split())[:500]
    if how not in ENDS:
        raise Invalid("Say whether it was kept, broken or withdrawn.")
    if how == "kept" and not told:
        raise Invalid("Write what the people who reported it are told.")
    if how != "kept" and not why:
        raise Invalid("Say why, so that the next promise can be a better one.")
    done: dict[str, Any] = {"ended_by": by, "ended_at": now, "ended_on": today_of(now), "why": why, "closing": told}
    move(fresh, how, now=now, by=by, reason=why, nudge_at=None, version=F("version") + 1, **done)
    if told:
        closings.draft(fresh.reports.all(), told, by=by, now=now)
    _changed(fresh.conversation)
    return fresh


@transaction.atomic
def draft_rest(row: Promise, *, by: User, now: datetime) -> int:
    """Draft the closing answer for those who have none yet; returns how many were drafted."""
    require(by, "answer", now, row.conversation.channel.scope)
    fresh = held(row)
    if not fresh.closing:
        raise IllegalMove("This promise has no closing words yet.", next_step="End it first.")
    return closings.draft(fresh.reports.all(), fresh.closing, by=by, now=now)


def held(row: Promise) -> Promise:
    """The promise as it is now, locked until the transaction ends."""
    rows = Promise.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("conversation__channel__scope", "owner", "reply").get(pk=row.pk)


def _open(row: Promise) -> Promise:
    fresh = held(row)
    if fresh.state != "open":
        who = f" by {fresh.ended_by.name}" if fresh.ended_by else ""
        raise LostRace(f"This promise is {fresh.get_state_display().lower()} already{who}.", next_step="Load it again.")
    return fresh


def today_of(now: datetime) -> date:
    """The town's day."""
    return now.astimezone(Town.here().tz).date()


def address(row: Promise) -> str:
    return reverse("promises:promise", args=[row.key])


def _changed(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
    threads.beat(conversation.channel)
