"""Hearing what strangers say, where a platform lets us."""

from __future__ import annotations

from tests.contract.conftest import Desk, ago, can

PHRASES = ["Mill Road", "#FernhillBins", "@elsewhere"]


def found(desk: Desk, **how_long: float) -> list[str]:
    items = desk.platform.search(desk.account, PHRASES, ago(**(how_long or {"hours": 1})))
    return sorted(one.remote_id for one in items)


def test_what_strangers_say_in_public_is_found_and_nothing_of_ours(desk: Desk) -> None:
    can = "search" in desk.platform.CAN
    said = [str(desk.emulator.say(desk.name, text)["id"]) for text in ("a lake on mill road", "again #FernhillBins")]
    other = str(desk.emulator.say(desk.name, "the pool is warm")["id"])
    ours = desk.posted("We are on Mill Road today.")
    assert found(desk) == (sorted(said) if can else [])
    assert not {other, ours} & set(found(desk))


@can("search")
def test_what_is_older_than_asked_for_is_left_out(desk: Desk) -> None:
    desk.emulator.say(desk.name, "a lake on Mill Road")
    assert found(desk, seconds=-60) == []


@can("search")
def test_a_find_tells_who_wrote_what_when_and_where(desk: Desk) -> None:
    desk.emulator.say(desk.name, "a lake on Mill Road")
    for item in desk.platform.search(desk.account, PHRASES, ago(hours=1)):
        assert item.text.endswith("a lake on Mill Road")
        assert item.author_id
        assert item.author_handle.startswith("@")
        assert item.url.startswith("https://")
        assert item.visibility == "public"
