"""The further parts of a post after its release: where each stands, and what a person decides about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.access import may, require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from calendar_app import deciding, freezing, releasing
from calendar_app.models import Frozen, Placement
from channels_app import outbox
from channels_app.models import Delivery
from channels_app.outbox import StateWords


@dataclass(frozen=True)
class Part:
    """One of them as the post's page shows it: its number, what it says, where it stands, what may be done."""

    number: int
    text: str
    words: StateWords | None
    delivery: Delivery | None
    may_decide: bool
    may_send_again: bool


def parts_of(placement: Placement, texts: tuple[str, ...], user: User, now: datetime) -> list[Part]:
    """Before the release what will follow; after it each part's newest delivery."""
    sent = deliveries(placement)
    if not sent:
        return [Part(number, text, None, None, False, False) for number, text in enumerate(texts, 1)]
    scope = placement.channel.scope
    return [
        Part(
            number,
            outbox.text_of(one),
            outbox.words_for(one, now),
            one,
            one.state in deciding.FOR_A_PERSON and may(user, "decide_delivery", now, scope),
            one.state == "failed" and may(user, "schedule_post", now, scope),
        )
        for number, one in sorted(sent.items())
    ]


def deliveries(placement: Placement) -> dict[int, Delivery]:
    """The newest delivery of each further part of what is out or on its way, by number."""
    if placement.state != "approved" or placement.delivery is None:
        return {}
    return {one.part: one for one in sorted(outbox.parts_after(placement.delivery), key=lambda one: one.pk)}


def find(placement: Placement, number: int) -> Delivery:
    found = deliveries(placement).get(number)
    if found is None:
        raise LostRace("This part is not there any more.", next_step="Look at what became of the post.")
    return found


@transaction.atomic
def decide(
    placement: Placement,
    number: int,
    decision: str,
    *,
    by: User,
    now: datetime,
    version: int,
    reason: str = "",
    url: str = "",
    due_at: datetime | None = None,
) -> Delivery:
    """A person's word on one part that waits for one."""
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "decide_delivery", now, placement.channel.scope)
    delivery = find(placement, number)
    if delivery.state not in deciding.FOR_A_PERSON:
        raise LostRace("This does not wait for a decision any more.", next_step="Look at what became of it.")
    if Frozen.objects.filter(delivery=delivery, decided_at=None).exists():
        raise Invalid(freezing.WORDS, next_step="Decide about it on the emergency page.")
    when = due_at if decision == "reschedule" else None
    return outbox.decide(delivery, decision, by, now, reason, url=url, due_at=when, version=version)  # type: ignore[arg-type]


@transaction.atomic
def send_again(placement: Placement, number: int, *, by: User, now: datetime) -> list[Delivery]:
    """A part that failed, and all after it, under the part that is out."""
    placement = releasing.locked(placement.post, [placement])[0]
    require(by, "schedule_post", now, placement.channel.scope)
    made = outbox.send_parts_from(find(placement, number), by, now)
    releasing.note(placement, made, now)
    return made
