"""Every call ends in one of four ways, as the proof table says, and never lies about what was accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from channels_app.platforms import http
from channels_app.platforms.base import Ending, Outgoing, Refused, TryLater, Uncertain
from tests.contract.conftest import Desk, ago, can, picture, prepared
from tests.served import served

WORDS = "The pool is closed today."
AFTER = ("html_after", "drop_after", "truncated", "empty_body", "drip", "delay_after", "refuse_after")


def end(desk: Desk, outgoing: Outgoing | None = None) -> Ending:
    """How sending ends, the steps before it included."""
    with pytest.raises(Ending) as ending:
        desk.send(outgoing or desk.post(WORDS))
    return ending.value


@pytest.mark.parametrize("kind", AFTER)
def test_an_answer_lost_after_the_post_was_accepted_is_uncertain_and_found_again(desk: Desk, kind: str) -> None:
    before, post = desk.since(), desk.post(WORDS)
    desk.fault(kind, "publish", times=1, seconds=4)
    assert isinstance(end(desk, post), Uncertain)
    lookup = desk.platform.look_up(desk.account, post, before)
    assert lookup.complete
    assert [one.remote_id for one in lookup.candidates] == [one["id"] for one in desk.public()]
    assert len(lookup.candidates) == 1


@pytest.mark.parametrize("kind", ["html", "drop_before", "unavailable"])
def test_a_failure_that_proves_nothing_is_uncertain_though_nothing_was_accepted(desk: Desk, kind: str) -> None:
    before, post = desk.since(), desk.post(WORDS)
    desk.fault(kind, "publish", times=1)
    assert isinstance(end(desk, post), Uncertain)
    lookup = desk.platform.look_up(desk.account, post, before)
    assert (list(lookup.candidates), lookup.exact, lookup.complete) == ([], None, True)
    assert desk.public() == []


def test_a_rate_limit_is_waited_for_by_the_whole_channel(desk: Desk) -> None:
    desk.fault("rate_limited", "publish", times=1, reset=240)
    ending = end(desk)
    assert isinstance(ending, TryLater)
    assert ending.whole_channel
    assert ending.code in desk.platform.PROOF
    assert 200 <= ending.wait <= 300
    assert desk.public() == []


def test_a_rate_limit_without_an_end_still_ends(desk: Desk) -> None:
    desk.fault("rate_limited", "publish", times=1)
    ending = end(desk)
    assert isinstance(ending, TryLater)
    assert ending.wait >= 60


@pytest.mark.parametrize("state", ["revoked", "expired"])
def test_a_dead_token_is_refused_for_that_reason_by_writes_and_reads(desk: Desk, state: str) -> None:
    post = desk.post(WORDS)
    desk.emulator.revoke(account=desk.account.remote_id, state=state)
    ending = end(desk, post)
    assert isinstance(ending, Refused)
    assert ending.cause == "token"
    assert ending.code in desk.platform.PROOF
    assert "econnect" in ending.words
    for read in (
        lambda: desk.platform.profile(desk.account),
        lambda: desk.platform.fetch(desk.account, desk.platform.STREAMS[0], ""),
        lambda: desk.platform.look_up(desk.account, post, desk.since()),
    ):
        with pytest.raises(Refused) as refused:
            read()
        assert refused.value.cause == "token"


def test_a_lost_right_is_refused_for_that_reason(desk: Desk) -> None:
    post = desk.post(WORDS)
    desk.emulator.set_account(desk.account.remote_id, "no_role")
    ending = end(desk, post)
    assert isinstance(ending, Refused)
    assert ending.cause == "permission"


# The others know no duplicates; a key or a name of our own answers there.
@can("publish", only=("facebook", "linkedin", "x"))
def test_words_refused_as_a_duplicate_are_never_taken_for_not_published(desk: Desk) -> None:
    desk.posted(WORDS)
    assert isinstance(end(desk), Uncertain)
    assert len(desk.public()) == 1


def test_the_same_key_again_gives_the_same_post(desk: Desk) -> None:
    if not desk.platform.KEYED:
        return
    post = desk.post(WORDS)
    desk.fault("drop_after", "publish", times=1)
    end(desk, post)
    receipt = desk.send(post)
    assert [receipt.remote_id] == [one["id"] for one in desk.public()]


@can("publish", "comments", "reply")
def test_an_answer_to_something_deleted_is_refused_as_gone(desk: Desk) -> None:
    post = desk.posted()
    comment = desk.hear("Is it open?", reply_to=post)
    desk.emulator.delete(comment)
    ending = end(desk, Outgoing("reply", "Yes.", reply_to=comment, root=post, idem_key="r"))
    assert isinstance(ending, Refused)
    assert ending.cause == "gone"


@pytest.mark.parametrize("kind", ["html", "drop_before", "drip", "truncated", "unavailable"])
def test_a_read_that_fails_is_tried_later_and_never_uncertain(desk: Desk, kind: str) -> None:
    post = desk.post(WORDS)
    desk.send(post)
    desk.fault(kind, times=0)
    with pytest.raises(TryLater):
        desk.platform.fetch(desk.account, "posts", "")
    with pytest.raises(TryLater):
        desk.platform.look_up(desk.account, post, desk.since())


@can("publish", "images", but=("pinterest",))  # where a picture goes with its post
def test_an_upload_that_fails_may_be_tried_again(desk: Desk) -> None:
    desk.fault("drop_after", "media", times=1)
    outgoing = Outgoing("post", "With a picture.", pictures=[picture()], idem_key="p")
    with pytest.raises(TryLater):
        prepared(desk, outgoing)
    desk.platform.send(desk.account, prepared(desk, outgoing))
    assert len(desk.public()) == 1


@can("publish", "images", only=("linkedin", "mastodon"))
def test_a_picture_still_being_processed_is_waited_for(desk: Desk) -> None:
    desk.emulator.rules(media_seconds=600)
    try:
        with pytest.raises(TryLater) as ending:
            prepared(desk, Outgoing("post", "Soon.", pictures=[picture()], idem_key="p"))
    finally:
        desk.emulator.rules(media_seconds=0)
    assert ending.value.wait < 30


@can("publish", "images")
def test_a_broken_picture_is_refused_before_anything_is_posted(desk: Desk) -> None:
    data = b"not a picture"
    broken = replace(picture(), width=1, height=1, data=data, url=served(data))
    with pytest.raises(Refused) as ending:
        prepared(desk, Outgoing("post", "Look.", pictures=[broken], idem_key="p"))
    assert ending.value.cause == "content"


@can()
def test_a_server_that_sends_a_byte_a_second_is_cut_off_in_time(desk: Desk) -> None:
    desk.fault("drip", times=1)
    started = desk.since()
    with pytest.raises(TryLater):
        desk.platform.profile(desk.account)
    assert desk.since() - started < timedelta(seconds=http.rules.seconds + 1)


@can("publish", "comments", "reply")
def test_a_reply_with_a_lost_answer_is_found_under_what_it_answers(desk: Desk) -> None:
    post = desk.posted()
    comment = desk.hear("Is it open?", reply_to=post)
    other = desk.hear("And on Sunday?", reply_to=post)
    reply = Outgoing("reply", "Yes, until six.", reply_to=comment, root=post, mention="", idem_key="r")
    before = desk.since()
    desk.fault("drop_after", "reply", times=1)
    assert isinstance(end(desk, reply), Uncertain)
    lookup = desk.platform.look_up(desk.account, reply, before)
    assert len(lookup.candidates) == 1
    elsewhere = Outgoing("reply", "Yes, until six.", reply_to=other, root=post, idem_key="s")
    assert list(desk.platform.look_up(desk.account, elsewhere, before).candidates) == []


@can("publish", "delete")
def test_an_act_with_a_lost_answer_is_found_done_or_may_be_repeated(desk: Desk) -> None:
    post = desk.posted()
    desk.fault("drop_after", "delete", times=1)
    act = Outgoing("delete", target=post)
    before = desk.since()
    assert isinstance(end(desk, act), Uncertain)
    lookup = desk.platform.look_up(desk.account, act, before)
    assert lookup.exact is not None
    assert lookup.resend_safe


def test_an_older_post_with_the_same_words_is_not_taken_for_ours(desk: Desk) -> None:
    post = desk.post(WORDS)
    desk.send(post)
    later = desk.since() + timedelta(seconds=30)
    assert list(desk.platform.look_up(desk.account, post, later).candidates) == []
    assert desk.platform.look_up(desk.account, post, ago(minutes=5)).complete


@can("publish", "link", "images")
def test_links_and_pictures_do_not_hide_a_post_from_the_look_up(desk: Desk) -> None:
    before = desk.since()
    text, pictures = "See https://fernhill.example/a?b=c&d.", [picture("a"), picture("b")]
    pictures = pictures[: desk.platform.limits(desk.account).images]
    outgoing = Outgoing("post", text, link="https://fernhill.example/x/", pictures=pictures, idem_key="l")
    outgoing = prepared(desk, outgoing)
    desk.fault("drop_after", "publish", times=1)
    end(desk, outgoing)
    assert len(desk.platform.look_up(desk.account, outgoing, before).candidates) == 1
