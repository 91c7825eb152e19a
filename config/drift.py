"""How the words that went out lie beside the voice: by channel, and one's own writing, seen by oneself alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow, person
from calendar_app.models import Release
from channels_app.models import Channel, Delivery
from policy import voice
from policy.checks import drift
from policy.checks.house import Band, House

LAST, FEWEST = 30, 10


@dataclass(frozen=True)
class Measured:
    """One measure of some texts beside its band. The numbers for drawing are parts of a hundred; None: not enough."""

    band: Band
    value: float | None
    said: str
    tone: str
    start: float
    width: float
    at: float | None


def measured(texts: Sequence[str], house: House) -> list[Measured]:
    """Every band with what these texts come to, taken together."""
    values: Mapping[str, float | None] = drift.of_texts(texts, house) if len(texts) >= FEWEST else {}
    return [_measured(band, values.get(name)) for name, band in house.bands.items()]


def _measured(band: Band, value: float | None) -> Measured:
    whole = max(band.high * 1.6, (value or 0) * 1.1, 1)
    start, width = 100 * band.low / whole, 100 * (band.high - band.low) / whole
    if value is None:
        return Measured(band, None, "not enough yet", "plain", start, width, None)
    inside = band.low <= value <= band.high
    said = "within the band" if inside else "below the band" if value < band.low else "above the band"
    return Measured(band, value, said, "good" if inside else "warn", start, width, round(100 * value / whole, 1))


@allow("see_policy")
def drift_page(request: HttpRequest) -> HttpResponse:
    """The last posts and the last answers of each channel beside the bands."""
    house, user, now = voice.house(), person(request), request.now  # type: ignore[attr-defined]
    teams = []
    for channel in Channel.objects.visible_to(user, now, "see_calendar").proven():
        for kind, name in (("post", "posts"), ("reply", "answers")):
            texts = _texts(Delivery.objects.filter(channel=channel, kind=kind, part=0))
            if texts:
                teams.append({"channel": channel, "kind": name, "n": len(texts), "rows": measured(texts, house)})
    return render(request, "policy/drift.html", {"here": "drift", "teams": teams, "fewest": FEWEST, "last": LAST})


def _texts(rows: object) -> list[str]:
    out = rows.filter(state__in=["published", "removed"], payload__visibility__in=["public", "unlisted"])  # type: ignore[attr-defined]
    return [str(text) for text in out.order_by("-published_at").values_list("payload__text", flat=True)[:LAST] if text]


@allow("see_policy")
def my_writing(request: HttpRequest) -> HttpResponse:
    """The own posts and answers beside the bands. It is about whoever asks and about nobody else: it takes no name."""
    user, house = person(request), voice.house()
    mine = Release.objects.filter(placement__post__author=user).values("delivery")
    posts = _texts(Delivery.objects.filter(kind="post", part=0, pk__in=mine))
    answers = _texts(Delivery.objects.filter(kind="reply", reply__author=user))
    parts = [
        {"name": "Your posts", "n": len(posts), "rows": measured(posts, house)},
        {"name": "Your answers", "n": len(answers), "rows": measured(answers, house)},
    ]
    context = {"here": "writing", "parts": parts, "fewest": FEWEST, "last": LAST}
    return render(request, "policy/my_writing.html", context)
