"""Conversation that the policy asks for: each channel against its floor, and nothing claimed of few."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels_app.models import Channel
from metrics import floor_kept
from metrics.measures import reach
from metrics.measures.reach import OutRow
from policy.floors import Floors

AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


def channel(number: int = 1, purpose: str = "conversation") -> Channel:
    return Channel(pk=number, scope_id=number, name=f"Fernhill {number}", platform="facebook", purpose=purpose)


def out(one: Channel, broadcast: int, ask: int = 0, answer: int = 0) -> list[OutRow]:
    said = ["broadcast"] * broadcast + ["ask"] * ask + ["answer"] * answer
    return [OutRow("ref", str(one), AT, what, channel_key=str(one.key)) for what in said]


def words(one: Channel, rows: list[OutRow], asked: Floors) -> list[tuple[str, str]]:
    return [(held.standing, held.about) for held in floor_kept.hold([one], rows, asked)]


def test_twenty_that_tell_five_that_ask_and_fifteen_answers_are_half_conversation() -> None:
    page = channel()
    rows = out(page, 20, 5, 15)
    assert reach.shares(rows) == {"broadcast": 50.0, "ask": 12.5, "answer": 37.5, "join": 0.0}
    kept = "50 % broadcast of 40, the policy asks for at least 50 % conversation, and has it"
    assert words(page, rows, Floors(50)) == [("kept", kept)]
    assert words(page, rows, Floors(51)) == [
        ("under", "50 % broadcast of 40, the policy asks for at least 51 % conversation"),
    ]


FEW = "of fewer than 10 nothing is claimed (the policy asks for at least 40 %)"


@pytest.mark.parametrize(
    ("rows", "standing", "said"),
    [
        ((27, 0, 11), "under", "71 % broadcast of 38, the policy asks for at least 40 % conversation"),
        ((9,), "few", f"0 of 9 were conversation; {FEW}"),
        ((), "few", f"nothing went out; {FEW}"),
        ((10,), "under", "100 % broadcast of 10, the policy asks for at least 40 % conversation"),
        ((6, 0, 4), "kept", "60 % broadcast of 10, the policy asks for at least 40 % conversation, and has it"),
        # 39.93 % is under 40 %, and is not told as if it stood on the line
        ((164, 0, 109), "under", "60.07 % broadcast of 273, the policy asks for at least 40 % conversation"),
    ],
)  # fmt: skip
def test_a_breach_has_its_numbers_and_of_few_none_is_claimed(rows: tuple[int, ...], standing: str, said: str) -> None:
    page = channel()
    assert words(page, out(page, *(rows or (0,))), Floors(40)) == [(standing, said)]


def test_a_channel_that_only_warns_is_exempt_and_says_so() -> None:
    siren = channel(purpose="broadcast")
    said = "it only warns, so no conversation is asked of it"
    assert words(siren, out(siren, 30), Floors(40)) == [("exempt", said)]
    assert words(siren, out(siren, 30), Floors()) == []


def test_a_floor_of_its_own_goes_before_the_one_of_the_town_and_what_falls_short_comes_first() -> None:
    page, blog, siren = channel(1), channel(2), channel(3, "broadcast")
    rows = out(page, 5, 0, 5) + out(blog, 8, 0, 2) + out(siren, 12)
    held = floor_kept.hold([siren, page, blog], rows, Floors(40, {1: 60, 2: 20}))
    assert [(one.channel.pk, one.standing) for one in held] == [(1, "under"), (2, "kept"), (3, "exempt")]
    assert [one.channel.pk for one in floor_kept.hold([page, blog], rows, Floors(None, {2: 20}))] == [2]
