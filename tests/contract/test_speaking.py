"""What every platform does with what the town says."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from channels_app.platforms.base import Outgoing, Poll, Refused
from tests.contract.conftest import Desk, can, picture, prepared


def test_a_text_is_published_and_read_back(desk: Desk) -> None:
    post = desk.post("Bins & bags: Tuesday <early>.")
    words = desk.platform.words(post)
    assert words == post.text or desk.name == "youtube"  # which refuses two of these characters
    receipt = desk.send(post)
    (shown,) = desk.public()
    assert (shown["id"], shown["text"]) == (receipt.remote_id, words)
    seen = desk.platform.read(desk.account, receipt.remote_id, "post")
    assert seen is not None
    assert (seen.kind, seen.text, seen.author_id) == ("post", words, desk.account.remote_id)
    assert receipt.url.startswith("https://")


@can("publish", "link")
def test_a_link_goes_out_with_the_text(desk: Desk) -> None:
    outgoing = desk.post("New timetable.", link="https://fernhill.example/bus?line=7")
    remote_id = desk.send(outgoing).remote_id
    (shown,) = desk.public()
    assert "https://fernhill.example/bus?line=7" in f"{shown['text']} {shown['link']}"
    seen = desk.platform.read(desk.account, remote_id, "post")
    assert seen is not None
    assert seen.text == desk.platform.words(outgoing)


@can("publish", "images")
def test_pictures_go_out_with_their_alt_texts(desk: Desk) -> None:
    pictures = [picture("a", "The library."), picture("b", "Its new door.", "maroon")]
    pictures = pictures[: desk.platform.limits(desk.account).images]
    remote_id = desk.posted("Open again.", pictures=pictures)
    (shown,) = desk.public()
    assert [one["alt"] for one in shown["media"]] == [one.alt for one in pictures]  # type: ignore[attr-defined]
    sent = [hashlib.sha256(one.data).hexdigest() for one in pictures]
    assert [one["sha256"] for one in shown["media"]] == sent  # type: ignore[attr-defined]
    seen = desk.platform.read(desk.account, remote_id, "post")
    assert seen is not None
    assert [one["alt"] for one in seen.pictures] == [one.alt for one in pictures]


@can("publish", "comments", "reply")
def test_a_reply_lands_under_what_it_answers(desk: Desk) -> None:
    post = desk.posted()
    comment = desk.hear("Is the lift working?", reply_to=post)
    asked = desk.platform.fetch(desk.account, "comments", "", post).items[0]
    reply = Outgoing(
        "reply", "Yes, since Monday.", reply_to=comment, root=post, mention=asked.author_handle, idem_key="r"
    )
    remote_id = desk.platform.send(desk.account, reply).remote_id
    shown = next(one for one in desk.public() if one["id"] == remote_id)
    assert shown["parent"] == comment
    assert str(shown["text"]) == desk.platform.words(reply)


@can("publish", "delete")
def test_a_post_can_be_deleted_and_deleting_it_again_is_no_error(desk: Desk) -> None:
    post = desk.posted()
    for _ in range(2):
        assert desk.platform.send(desk.account, Outgoing("delete", target=post)).remote_id == post
    assert desk.public() == []
    assert desk.platform.read(desk.account, post, "post") is None


@can("publish", "comments")
def test_a_comment_is_hidden_and_shown_again_where_the_platform_can(desk: Desk) -> None:
    comment = desk.hear("Buy cheap watches", reply_to=desk.posted())
    if "hide" not in desk.platform.CAN:
        with pytest.raises(Refused):
            desk.platform.send(desk.account, Outgoing("hide", target=comment))
        return
    for kind, hidden in (("hide", True), ("hide", True), ("unhide", False)):
        desk.platform.send(desk.account, Outgoing(kind, target=comment))
        assert [one["hidden"] for one in desk.emulator.snapshot()["posts"] if one["id"] == comment] == [hidden]


@can("publish", "images")
def test_each_step_before_sending_can_be_repeated(desk: Desk) -> None:
    outgoing = prepared(desk, Outgoing("post", "Twice prepared.", pictures=[picture()], idem_key="k"))
    again = prepared(desk, replace(outgoing, prepared={}))
    assert desk.public() == []
    desk.platform.send(desk.account, again)
    assert len(desk.public()) == 1


def test_a_text_that_is_measured_as_fitting_is_taken_and_one_more_character_is_not(desk: Desk) -> None:
    limit = desk.platform.limits(desk.account).text
    fits = ("ab " * (limit // 3)).strip()
    fits += "x" * (limit - len(fits))
    assert desk.platform.measure(fits).left == 0
    desk.posted(fits, idem_key="a")
    with pytest.raises(Refused) as ending:
        desk.posted("y" * (limit + 1), idem_key="b")
    assert ending.value.cause == "content"
    assert len(desk.public()) == 1


@can(but=("rss",))
def test_the_profile_tells_whom_the_token_speaks_for(desk: Desk) -> None:
    profile = desk.platform.profile(desk.account)
    assert (profile.remote_id, profile.name) == (desk.account.remote_id, "Town of Fernhill")
    assert "metrics" not in desk.platform.CAN or profile.numbers["followers"] is not None


@can("publish", "first_comment")
def test_a_first_comment_hangs_under_the_own_post(desk: Desk) -> None:
    hangs_under_the_own_post(desk)


@can("publish", "thread")
def test_a_part_of_a_thread_hangs_under_the_own_post(desk: Desk) -> None:
    hangs_under_the_own_post(desk)


def hangs_under_the_own_post(desk: Desk) -> None:
    before, post = desk.since(), desk.posted("One: the weir is closed.")
    part = Outgoing("post", "Two: it opens on Monday.", reply_to=post, root=post, idem_key="two")
    remote_id = desk.platform.send(desk.account, part).remote_id
    shown = next(one for one in desk.public() if one["id"] == remote_id)
    assert (shown["parent"], shown["text"]) == (post, "Two: it opens on Monday.")
    seen = desk.platform.read(desk.account, remote_id, "post")
    assert seen is not None
    assert seen.text == "Two: it opens on Monday."
    lookup = desk.platform.look_up(desk.account, part, before)
    assert [one.remote_id for one in lookup.candidates] == [remote_id]
    elsewhere = replace(part, reply_to=remote_id)
    assert desk.platform.look_up(desk.account, elsewhere, before).candidates == []


def test_who_has_polls_says_what_they_may_be(desk: Desk) -> None:
    assert ("poll" in desk.platform.CAN) == (desk.platform.limits(desk.account).poll is not None)


@can("publish", "poll")
def test_a_poll_is_published_and_read_back(desk: Desk) -> None:
    limits = desk.platform.limits(desk.account).poll
    assert limits
    longest = ["x" * limits.option, *"abc"][: limits.options]
    poll = Poll(longest, limits.least)
    remote_id = desk.posted("Which one?", poll=poll)
    (shown,) = desk.public()
    assert shown["poll"] == {"options": longest, "minutes": limits.least}
    seen = desk.platform.read(desk.account, remote_id, "post")
    assert seen is not None
    assert list(seen.poll) == longest
    wrong = [Poll(["Only one"], 60), Poll(["a", "y" * (limits.option + 1)], 60), Poll(["a", "b"], limits.least - 1)]
    for number, one in enumerate(wrong):
        with pytest.raises(Refused) as ending:
            desk.platform.send(desk.account, Outgoing("post", f"Wrong {number}", poll=one, idem_key=f"w{number}"))
        assert ending.value.cause == "content"
    assert len(desk.public()) == 1
