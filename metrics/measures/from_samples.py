"""The rows of samples that people have read."""

from __future__ import annotations

from metrics.measures.from_inbox import names
from metrics.measures.quality import CodedRow
from metrics.measures.shape import Span
from metrics.models import Coding


def coded(span: Span) -> list[CodedRow]:
    """Messages of the span out of samples that are done; what is in two samples counts with the newer reading."""
    rows = Coding.objects.filter(
        drawn__sample__state="done",
        drawn__sample__ended_at__lte=span.now,
        drawn__message__at__gte=span.start,
        drawn__message__at__lt=span.until,
    )
    rows = rows.select_related("drawn__sample", "drawn__message__conversation")
    called = names()
    found: dict[int, dict[int, Coding]] = {}
    for one in rows.order_by("drawn__sample__ended_at", "drawn__sample_id", "turn"):
        if one.turn == 1:
            found[one.drawn.message_id] = {}
        found[one.drawn.message_id][one.turn] = one
    told = []
    for turns in found.values():
        drawn, message = turns[1].drawn, turns[1].drawn.message
        ref = str(message.conversation.key) if message.conversation else ""
        second = turns[2].tone if 2 in turns else ""
        words = drawn.sample.words
        channel, key = called[message.channel_id]
        told.append(CodedRow(ref, channel, message.at, words, turns[1].tone, second, channel_key=key))
    return sorted(told, key=lambda one: (one.at, one.ref))
