"""What people do with a legal request: say whether it is one, hand it to its officer, say what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from accounts import audit
from accounts.access import may, require, who_may
from accounts.models import Town, User
from accounts.notifications import tell
from accounts.refusals import Invalid, LostRace, NotAllowed
from engagement import handling, threads, triaging, wording
from engagement.models import Conversation, LegalRequest, Reply
from engagement.picking import joined
from engagement.statutory import catching
from policy import finalsay, requests
from policy.models import PolicyChoices
from policy.moves import move

EVENT = "statutory.handed"
SORTED_AS = {"safeguarding": "safeguarding"}  # the kind of conversation; all others are statutory


@transaction.atomic
def note_by_hand(conversation: Conversation, kind: str, *, by: User, now: datetime) -> LegalRequest:
    """Somebody sees in the newest message what no word of the list says."""
    require(by, "note", now, conversation.channel.scope)
    if kind not in requests.KINDS:
        raise Invalid("Choose what kind of request it is.")
    fresh = handling.hold(conversation)
    message = wording.last_asked(fresh)
    if message is None:
        raise Invalid("There is no message of a resident here.")
    row = catching.made(message, kind, "", Town.here(), now)
    row.state, row.by = "open", by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise LostRace("This message is noted as that already.") from None
    audit.record("noted_request", fresh, by=by, now=now, became=row.get_kind_display(), due=str(row.due_on or ""))
    _sort(fresh, row, by, now)
    return row


@transaction.atomic
def confirm(row: LegalRequest, *, by: User, now: datetime) -> LegalRequest:
    """It is one: its day counts from when it came, however late somebody looked."""
    row = _held(row, by, "note", now)
    row = move(row, "open", now=now, by=by, version=F("version") + 1, became="", ended_at=None)
    LegalRequest.objects.filter(pk=row.pk).update(by=by)
    audit.record(
        "confirmed_request",
        row.conversation,
        by=by,
        now=now,
        became=str(row),
        due=str(row.due_on or ""),
        words=row.matched,
    )
    _sort(row.conversation, row, by, now)
    return row


@transaction.atomic
def decline(row: LegalRequest, why: str, *, by: User, now: datetime) -> LegalRequest:
    """It is none, for a reason that stays."""
    if not why.strip():
        raise Invalid("Say why it is no such request.", rule="statutory")
    row = _held(row, by, "note", now)
    row = move(row, "declined", now=now, by=by, became=why.strip()[:500], ended_at=now, version=F("version") + 1)
    audit.record("declined_request", row.conversation, by=by, now=now, became=str(row), reason=why.strip()[:500])
    _changed(row)
    return row


@transaction.atomic
def hand(row: LegalRequest, officer: User, words: str, *, by: User, now: datetime) -> LegalRequest:
    """Give it to the officer in charge; they are told, with its day."""
    row = _held(row, by, "assign", now)
    if not may(officer, "see_inbox", now, row.conversation.channel.scope):
        raise NotAllowed(f"{officer.name} cannot open this conversation.", next_step="Choose somebody who can.")
    if row.state == "handed":
        row = move(row, "open", now=now, by=by, version=F("version") + 1)
    row = move(row, "handed", now=now, by=by, officer=officer, handed_at=now, version=F("version") + 1)
    became = f"{officer.name}, {str(row).lower()}"
    audit.record("handed_request", row.conversation, by=by, now=now, became=became, words=words.strip()[:500])
    sentence = f"{by.name} hands you a legal request ({row}{_by_day(row)}): “{row.conversation}” {words.strip()[:120]}"
    tell(officer, EVENT, sentence.strip(), address(row), now=now, once=f"statutory:{row.key}:{row.version}")
    _changed(row)
    return row


@transaction.atomic
def settle(row: LegalRequest, outcome: str, became: str, *, by: User, now: datetime) -> LegalRequest:
    """What became of it, in words: the only way it ends."""
    if outcome not in dict(LegalRequest.OUTCOMES):
        raise Invalid("Choose what became of it.", rule="statutory")
    if not became.strip():
        raise Invalid("Say in a sentence what became of it, and where that is kept.", rule="statutory")
    row = _held(row, by, "settle_request", now)
    if row.state == "suggested":
        raise Invalid("Say first whether it is a legal request.", rule="statutory")
    ended: dict[str, Any] = {"outcome": outcome, "became": became.strip()[:500], "ended_at": now}
    row = move(row, "done", now=now, by=by, version=F("version") + 1, **ended)
    told = dict(LegalRequest.OUTCOMES)[outcome]
    audit.record("settled_request", row.conversation, by=by, now=now, became=str(row), reason=f"{told}. {row.became}")
    _changed(row)
    return row


def officers(row: LegalRequest, now: datetime) -> QuerySet[User]:
    """Who can be given it: whoever may open the conversation."""
    return who_may("see_inbox", now, row.conversation.channel.scope).order_by("name")


def officer_for(row: LegalRequest, now: datetime) -> User | None:
    """Whom the register names for a subject of that name, else the first records officer; None without either."""
    named = finalsay.who(str(row), now)
    if named.row is not None and named.row.subject == str(row) and named.holder is not None:
        return named.holder
    return who_may("records_officer", now, row.conversation.channel.scope).order_by("name").first()


def receipt(row: LegalRequest) -> str:
    """The sentence that says we have it, by the pack's law; a person sends it."""
    choices, town = PolicyChoices.here(), Town.here()
    contact = choices.complaints if row.kind == "complaint" else choices.contact
    received = catching.day_of(row.message, town)
    return requests.receipt(row.pack, row.kind, received, contact=contact, emergency=choices.emergency_number)


@transaction.atomic
def put_receipt(row: LegalRequest, *, by: User, now: datetime) -> Reply | None:
    """Begin this person's answer with the receipt, or add it to what they have typed; nothing is sent."""
    require(by, "answer", now, row.conversation.channel.scope)
    draft = wording.draft_of(row.conversation, by)
    text, words = draft.text if draft else "", receipt(row)
    if words in text:
        return draft
    return wording.save(row.conversation, joined(text, words), by=by, now=now)


def address(row: LegalRequest) -> str:
    return f"/inbox/legal/{row.key}/"


def advice(row: LegalRequest) -> list[str]:
    return requests.advice(row.pack, row.kind, catching.day_of(row.message, Town.here()))


def _by_day(row: LegalRequest) -> str:
    return f", by {row.due_on:%-d %B %Y}" if row.due_on else ""


def _held(row: LegalRequest, by: User, act: str, now: datetime) -> LegalRequest:
    """As it is now, with its conversation locked, for somebody who may do this there."""
    conversation = handling.hold(row.conversation)
    require(by, act, now, conversation.channel.scope)
    rows = LegalRequest.objects.select_related("conversation__channel__scope", "officer", "message")
    return rows.get(pk=row.pk)


def _sort(conversation: Conversation, row: LegalRequest, by: User, now: datetime) -> None:
    triaging.confirm(conversation, SORTED_AS.get(row.kind, "statutory"), by=by, now=now)
    _changed(row)


def _changed(row: LegalRequest) -> None:
    handling.touch(row.conversation)
    threads.beat(row.conversation.channel)
