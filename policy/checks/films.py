"""Films, sound and live broadcasts; what a network kept of what was sent; what stands on a profile for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import zip_longest

from policy.checks.base import Hit, Receipt, Video
from policy.checks.reading import HASHTAG, Reading

READ_BY_A_PERSON = ("reviewed", "open")


def check(reading: Reading) -> Iterator[Hit]:
    for place, video in enumerate(reading.draft.videos, 1):
        kind = {"video": "film", "audio": "recording", "live": "broadcast"}[video.kind]
        name = f"{kind.capitalize()} {place}" if len(reading.draft.videos) > 1 else f"The {kind}"
        yield from _film(reading, name, video)
    if reading.context.receipt:
        yield from _arrived(reading.context.receipt, reading.context.place or "the network")
    yield from _profile(reading)


def _film(reading: Reading, name: str, video: Video) -> Iterator[Hit]:
    if video.kind == "video" and video.captions in ("none", "auto"):
        words = "has no captions." if video.captions == "none" else "has automatic captions that nobody has read."
        yield Hit("A34" if video.theirs else "A09", f"{name} {words}")
    if video.kind != "audio" and video.described is False:
        bound = _bound(reading)
        words = f"{name} shows things that are not spoken, and has no audio description."
        yield Hit("A10", words, level="must" if bound else None)
    if video.kind == "audio" and video.transcript is not None and not video.transcript.strip():
        yield Hit("A11", f"{name} has no transcript.")
    if video.kind == "live":
        yield from _live(reading, name, video)
    if video.flashes:
        yield Hit("A13", f"{name} flashes more than three times a second.")


def _bound(reading: Reading) -> bool:
    due, today = reading.context.access_due, reading.context.today
    return bool(due and today and today >= due)


def _live(reading: Reading, name: str, video: Video) -> Iterator[Hit]:
    if video.plan is not None and not video.plan.strip() and video.kept_since is None:
        yield Hit("A12", f"{name} has no plan for captions yet.")
    today, days = reading.context.today, reading.context.live_days
    if not (video.kept_since and today) or video.captions in (None, *READ_BY_A_PERSON):
        return
    by = video.kept_since + timedelta(days=days)
    if days and today > by:
        yield Hit(
            "A12", f"The recording of {name[0].lower() + name[1:]} has had no captions for too long.", level="must"
        )
    else:
        until = f" until {by.day} {by:%B}" if days else ""
        yield Hit("A12", f"The recording of {name[0].lower() + name[1:]} wants captions{until}.")


def _arrived(receipt: Receipt, place: str) -> Iterator[Hit]:
    """Only what the network tells can be compared; a workaround that somebody chose settles it."""
    lost = list(_lost(receipt))
    if lost and not receipt.workaround.strip():
        yield Hit("A35", f"{place[0].upper() + place[1:]} did not keep {', '.join(lost)}.")


def _lost(receipt: Receipt) -> Iterator[str]:
    if receipt.alts_back is not None:
        for place, (sent, back) in enumerate(zip_longest(receipt.alts, receipt.alts_back, fillvalue=""), 1):
            if sent.strip() and sent.strip() != back.strip():
                yield f"the alt text of picture {place}"
    if receipt.captions and receipt.captions_back is False:
        yield "the captions"
    if receipt.text_back is not None:
        back_ = set(HASHTAG.findall(receipt.text_back))
        gone = [tag for tag in HASHTAG.findall(receipt.text) if tag not in back_]
        if gone:
            yield f"the capitals of #{gone[0]}"


def _profile(reading: Reading) -> Iterator[Hit]:
    today = reading.context.today
    if reading.context.profile is None or today is None:
        return
    days = int(reading.number("profile_days"))
    for item in reading.context.profile:
        if item.checked_on is None:
            yield Hit("A36", f"{item.name}: nobody has looked at it yet.")
        elif today - item.checked_on > timedelta(days=days):
            yield Hit("A36", f"{item.name}: last looked at on {item.checked_on.day} {item.checked_on:%B %Y}.")
