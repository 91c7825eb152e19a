"""X with a token of OAuth 2.0 alone, and its private messages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels_app.platforms.base import Outgoing, Refused, Secret, TryLater, Uncertain
from tests.contract.conftest import Desk, can, picture

only_here = can("publish", only=("x",))


def bare(desk: Desk) -> Desk:
    """The same account with one bearer token of the user, and no keys of an app."""
    return replace(desk, account=replace(desk.account, secrets={"access_token": desk.account.secrets["access_token"]}))


@only_here
def test_a_token_alone_does_everything(desk: Desk) -> None:
    desk = bare(desk)
    post = desk.posted("With a picture.", pictures=[picture()])
    comment = desk.hear("Is it open?", reply_to=post)
    answer = desk.send(Outgoing("reply", "Yes.", reply_to=comment, root=post, idem_key="r")).remote_id
    for kind in ("hide", "unhide"):
        desk.send(Outgoing(kind, target=comment))
    desk.send(Outgoing("delete", target=answer))
    assert desk.platform.profile(desk.account).remote_id == desk.account.remote_id
    assert [one.remote_id for one in desk.platform.fetch(desk.account, "comments", "", post).items] == [comment]
    assert set(desk.platform.metrics(desk.account, [post])) == {post}


@only_here
def test_three_of_four_keys_are_said_to_be_too_few(desk: Desk) -> None:
    secrets = {name: secret for name, secret in desk.account.secrets.items() if name != "access_secret"}
    with pytest.raises(Refused) as ending:
        desk.platform.profile(replace(desk.account, secrets=secrets))
    assert ending.value.cause == "token"


@only_here
def test_tokens_are_renewed_and_the_refresh_token_works_once(desk: Desk) -> None:
    made = desk.emulator.create_account("x", "fernhillwater")
    secrets = {"access_token": made["token"], "refresh_token": made["refresh_token"], "client_id": "app"}
    account = replace(desk.account, secrets={name: Secret(value) for name, value in secrets.items()})
    given = desk.platform.renew(account)  # type: ignore[attr-defined]
    assert given.expires_at is not None
    fresh = replace(account, secrets=dict(account.secrets) | dict(given.secrets))
    assert desk.platform.profile(fresh).remote_id == made["id"]
    with pytest.raises(Refused) as ending:
        desk.platform.renew(account)  # type: ignore[attr-defined]
    assert ending.value.cause == "token"
    with pytest.raises(Refused):
        desk.platform.renew(desk.account)  # type: ignore[attr-defined]


@only_here
def test_private_messages_are_not_among_posts_and_come_only_where_the_keys_reach_them(desk: Desk) -> None:
    said = desk.hear("@fernhill my neighbour is ill", visibility="direct")
    assert desk.platform.read(desk.account, said, "mention") is None
    scopes = "tweet.read tweet.write users.read"
    narrow = desk.with_token(desk.emulator.create_token(desk.account.remote_id, scopes=scopes))
    assert desk.platform.fetch(narrow, "mentions", "").items == []


@only_here
def test_a_private_answer_with_a_lost_answer_is_found_in_its_conversation(desk: Desk) -> None:
    asked = desk.hear("@fernhill my neighbour is ill", visibility="direct")
    reply = Outgoing("reply", "We will call you.", reply_to=asked, visibility="direct", idem_key="d")
    before = desk.since()
    desk.fault("drop_after", "message", times=1)
    with pytest.raises(Uncertain):
        desk.send(reply)
    lookup = desk.platform.look_up(desk.account, reply, before)
    assert [one.remote_id for one in lookup.candidates] == [one["id"] for one in desk.public()]
    assert lookup.complete
    desk.emulator.delete(asked)
    with pytest.raises(Refused) as ending:
        desk.send(reply)
    assert ending.value.cause == "gone"


@only_here
@pytest.mark.parametrize(("fault", "code"), [("rate_limited", "429"), ("unavailable", "not sent")])
def test_what_cannot_be_read_before_a_private_answer_keeps_nothing_else_waiting(
    desk: Desk, fault: str, code: str
) -> None:
    asked = desk.hear("@fernhill my neighbour is ill", visibility="direct")
    desk.fault(fault, "messages", times=1)
    with pytest.raises(TryLater) as ending:
        desk.send(Outgoing("reply", "We will call you.", reply_to=asked, visibility="direct", idem_key="d"))
    assert (ending.value.whole_channel, ending.value.code) == (False, code)
    assert desk.public() == []
    assert desk.send(Outgoing("post", "Boil your water.", idem_key="e")).remote_id
