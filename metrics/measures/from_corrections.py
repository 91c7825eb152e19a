"""The rows of mistakes that were noted: whether each was put right where people could see it."""

from __future__ import annotations

from calendar_app.models import Correction
from metrics.measures.from_inbox import Name, name
from metrics.measures.quality import CorrectionRow
from metrics.measures.shape import Span


def corrections(span: Span) -> list[CorrectionRow]:
    """Mistakes in our posts that were noted in the span."""
    rows = Correction.objects.filter(at__gte=span.start, at__lt=span.until).select_related("of")
    told = []
    for one in rows.prefetch_related("placements__channel").order_by("at", "pk"):
        places = list(one.placements.all())
        channel, key = name(places[0].channel) if places else Name("", "")
        words = " ".join(one.wrong.split())[:200]
        visibly = one.decision == "correct"
        told.append(CorrectionRow(str(one.of.key), channel, one.at, words, visibly, channel_key=key))
    return told
