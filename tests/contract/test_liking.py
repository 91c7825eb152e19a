"""What every platform does with a like of the town's: given once, taken back, and refused where there is none."""

from __future__ import annotations

import pytest

from channels_app.platforms.base import Outgoing, Refused, TryLater, Uncertain
from channels_app.platforms.bluesky_client import Client
from tests.contract.conftest import Desk, can

LIKES, CANNOT = can("like", "comments"), can("publish")


def likers(desk: Desk, message: str) -> list[str]:
    """Whom the public sees as having liked it."""
    rows = desk.emulator.snapshot()["posts"]
    return list(next(one["liked_by"] for one in rows if one["id"] == message))


def seen(desk: Desk, act: Outgoing) -> bool:
    lookup = desk.platform.look_up(desk.account, act, desk.since())
    assert lookup.resend_safe
    return lookup.exact is not None


@LIKES
def test_a_like_is_given_once_and_taken_back_however_often_it_is_asked_for(desk: Desk) -> None:
    comment = desk.hear("The new path is lovely.", reply_to=desk.posted())
    like, unlike = Outgoing("like", target=comment), Outgoing("unlike", target=comment)
    assert (seen(desk, like), seen(desk, unlike)) == (False, True)
    for act in (like, like, unlike, unlike, like):
        assert desk.send(act).remote_id == comment
        liked = act is like
        assert likers(desk, comment) == [desk.account.remote_id] * liked
        assert (seen(desk, like), seen(desk, unlike)) == (liked, not liked)


@LIKES
@pytest.mark.parametrize("kind", ["like", "unlike"])
def test_a_like_with_a_lost_answer_is_seen_to_be_done(desk: Desk, kind: str) -> None:
    comment = desk.hear("The new path is lovely.", reply_to=desk.posted())
    act = Outgoing(kind, target=comment)
    if kind == "unlike":
        desk.send(Outgoing("like", target=comment))
    for fault, done in (("drop_before", False), ("drop_after", True)):
        desk.fault(fault, "like", times=1)
        with pytest.raises(Uncertain):
            desk.send(act)
        assert seen(desk, act) is done
    desk.send(act)
    assert likers(desk, comment) == [desk.account.remote_id] * (kind == "like")


@LIKES
def test_what_is_gone_cannot_be_liked_and_carries_no_like(desk: Desk) -> None:
    comment = desk.hear("Is it open?", reply_to=desk.posted())
    desk.emulator.delete(comment)
    with pytest.raises(Refused) as ending:
        desk.send(Outgoing("like", target=comment))
    assert ending.value.cause == "gone"
    assert ending.value.code in {*desk.platform.PROOF, "unable"}
    unlike = Outgoing("unlike", target=comment)
    assert desk.send(unlike).remote_id == comment
    assert seen(desk, unlike)


@LIKES
def test_a_like_is_refused_or_put_off_for_the_same_reasons_as_a_post(desk: Desk) -> None:
    comment = desk.hear("Is it open?", reply_to=desk.posted())
    like = Outgoing("like", target=comment)
    desk.fault("rate_limited", "like", times=1, reset=240)
    with pytest.raises(TryLater) as limit:
        desk.send(like)
    assert limit.value.whole_channel
    desk.emulator.set_account(desk.account.remote_id, "no_role")
    with pytest.raises(Refused) as refused:
        desk.send(like)
    assert refused.value.cause == "permission"
    desk.emulator.set_account(desk.account.remote_id, "ok")
    desk.emulator.revoke(account=desk.account.remote_id)
    with pytest.raises(Refused) as dead:
        desk.send(like)
    assert dead.value.cause == "token"
    assert likers(desk, comment) == []


@can("like", "direct")
def test_a_private_message_is_liked_only_where_these_have_likes(desk: Desk) -> None:
    desk.hear("My neighbour is ill.", visibility="direct")
    (item,) = desk.platform.fetch(desk.account, "direct", "").items
    like = Outgoing("like", target=item.remote_id, visibility="direct")
    if "like_direct" in desk.platform.CAN:
        assert desk.send(like).remote_id == item.remote_id
        assert likers(desk, item.remote_id) == [desk.account.remote_id]
        return
    with pytest.raises(Refused) as ending:
        desk.send(like)
    assert ending.value.code == "unable"


@CANNOT
def test_where_no_program_may_like_nothing_is_sent_instead(desk: Desk) -> None:
    if "like" in desk.platform.CAN:
        return
    for kind in ("like", "unlike"):
        with pytest.raises(Refused) as ending:
            desk.send(Outgoing(kind, target="1"))
        assert ending.value.code == "unable"
    assert desk.public() == []


@can("like", only=("bluesky",))
def test_a_like_given_in_the_app_counts_and_goes_with_ours(desk: Desk) -> None:
    comment = desk.hear("The new path is lovely.", reply_to=desk.posted())
    subject = {"uri": comment, "cid": "bafyapp"}
    record = {"$type": "app.bsky.feed.like", "subject": subject, "createdAt": "2026-11-30T12:00:00Z"}
    body = {"repo": desk.account.remote_id, "collection": record["$type"], "record": record}
    made = Client(desk.account).do("com.atproto.repo.createRecord", body)["uri"]
    for kind, left in (("like", True), ("unlike", False)):
        desk.send(Outgoing(kind, target=comment))
        assert (Client(desk.account).record(made) is not None) is left
        assert likers(desk, comment) == [desk.account.remote_id] * left
    puts = [one for one in desk.requests("like") if str(one["path"]).endswith("putRecord")]
    assert puts == []
