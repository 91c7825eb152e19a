"""Private messages at Meta: heard, answered within a day, found again, and named though their ids may be too long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from channels_app import platforms
from channels_app.platforms import facebook_private, message_ids
from channels_app.platforms.base import Incoming, Outgoing, Page, Refused, Uncertain
from tests.contract.conftest import Desk, can

META = can("direct", only=("facebook", "instagram"))
FACEBOOK = can("direct", only=("facebook",))


@pytest.fixture
def later(desk: Desk) -> Iterator[None]:
    """The clock goes on; afterwards it is as it was."""
    yield
    desk.emulator.go_live()


def heard(desk: Desk) -> list[Incoming]:
    return list(desk.platform.fetch(desk.account, "direct", "").items)


def answer_to(said: str, text: str = "We will call you.") -> Outgoing:
    return Outgoing("reply", text, reply_to=said, visibility="direct", idem_key=text)


@META
@pytest.mark.parametrize("most", [100, 3])
def test_a_message_is_answered_and_both_are_known_by_name(
    desk: Desk, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_ids, "MOST", most)  # as if the platform's own ids were longer
    desk.hear("My neighbour is ill.", visibility="direct")
    (asked,) = heard(desk)
    assert ("/" in asked.remote_id) is (most == 3)
    assert len(asked.remote_id) <= 120
    receipt = desk.send(answer_to(asked.remote_id))
    ours = next(one for one in heard(desk) if one.author_id == desk.account.remote_id)
    assert (ours.remote_id, ours.thread_key) == (receipt.remote_id, asked.thread_key)
    for one in (asked, ours):
        again = desk.platform.read(desk.account, one.remote_id, "direct")
        assert again is not None
        assert (again.remote_id, again.text) == (one.remote_id, one.text)
    assert {row["visibility"] for row in desk.public()} == {"direct"}


@FACEBOOK
@pytest.mark.usefixtures("later")
def test_an_answer_nobody_heard_of_is_found_again_and_ends_with_the_day(desk: Desk) -> None:
    said, before = desk.hear("My neighbour is ill.", visibility="direct"), desk.since()
    desk.fault("drop_after", "message", times=1)
    with pytest.raises(Uncertain):
        desk.send(answer_to(said))
    lookup = desk.platform.look_up(desk.account, answer_to(said), before)
    assert ([one.remote_id for one in lookup.candidates], lookup.complete) == ([desk.public()[0]["id"]], True)
    with pytest.raises(Refused):
        desk.send(answer_to(said, "ö" * (facebook_private.MOST + 1)))
    assert platforms.reply_window("facebook", "direct") == timedelta(hours=24)
    assert platforms.reply_window("facebook", "comment") is None
    desk.emulator.advance(86_500)
    with pytest.raises(Refused) as ending:
        desk.send(answer_to(said))
    assert (ending.value.code, len(desk.public())) == ("10/2018278", 1)


@META
@pytest.mark.parametrize(("stream", "other"), [("mentions", "direct"), ("direct", "mentions")])
def test_without_one_of_the_rights_the_other_half_is_read(desk: Desk, stream: str, other: str) -> None:
    said = {"direct": desk.hear("My neighbour is ill.", visibility="direct"), "mentions": desk.hear("The lamp is out.")}
    rights = {
        "mentions": "pages_read_engagement pages_read_user_content instagram_manage_comments",
        "direct": "pages_read_engagement pages_messaging instagram_manage_messages",
    }
    poor = desk.with_token(desk.emulator.create_token(desk.account.remote_id, scopes=rights[stream]))
    assert [one.remote_id for one in desk.platform.fetch(poor, stream, "").items] == [said[stream]]
    assert desk.platform.fetch(poor, other, "") == Page([])


@META
def test_a_walk_begun_together_with_messages_goes_on_where_it_was(desk: Desk) -> None:
    made = [desk.hear(f"Lamp {n} is out.") for n in range(60)]
    first = desk.platform.fetch(desk.account, "mentions", "")
    assert len(first.items) == 50
    for kept in (first.next, json.dumps({"talks": "x", "tags": first.next})):
        rest = desk.platform.fetch(desk.account, "mentions", kept)
        assert [one.remote_id for one in rest.items] == made[9::-1]
        assert rest.next == ""
    assert desk.platform.fetch(desk.account, "mentions", json.dumps({"talks": "x"})) == Page([])


@FACEBOOK
def test_one_who_is_gone_is_not_answered(desk: Desk) -> None:
    said = desk.hear("My neighbour is ill.", visibility="direct")
    desk.emulator.delete(said)
    with pytest.raises(Refused) as ending:
        desk.send(answer_to(said))
    assert ending.value.cause == "gone"
