"""The rows of the work itself: what each channel takes against the hours kept for it, and what forecasts rest on."""

from __future__ import annotations

from channels_app import staffing
from channels_app.models import Channel
from metrics import forecasting
from metrics.measures.resources import HoursRow, InputRow
from metrics.measures.shape import Span


def hours(span: Span) -> list[HoursRow]:
    """Every living channel by the last four weeks of the span. The hours kept are those of today: nobody writes down
    what they were.
    """
    return [
        HoursRow(
            ref=str(one.channel.key),
            channel=str(one.channel),
            channel_key=str(one.channel.key),
            at=span.start,
            posts=one.posts,
            answers=one.answers,
            needs=float(one.needs),
            given=None if one.given is None else float(one.given),
        )
        for one in staffing.loads(list(Channel.objects.living().order_by("pk")), span.until)
    ]


def inputs(span: Span) -> list[InputRow]:
    """What the week after the span's end is forecast from."""
    past = forecasting.past(span.until)
    values = {
        "planned": forecasting.planned(span.until),
        "weeks": past.weeks,
        "posts": past.posts,
        "under_posts": past.under_posts,
        "otherwise": past.otherwise,
        "post_minutes": staffing.POST_MINUTES,
        "answer_minutes": staffing.ANSWER_MINUTES,
        "given": forecasting.kept(),
    }
    return [
        InputRow("", "", span.start, what, None if value is None else float(value)) for what, value in values.items()
    ]
