"""What only Bluesky has: names of our own for records, sessions, gates, cards, threads of any depth."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from PIL import Image

from channels_app.platforms import bluesky_writing
from channels_app.platforms.base import Account, Outgoing, Page, Picture, Refused, Secret
from channels_app.platforms.bluesky_client import Client
from tests.contract.conftest import Desk, can, picture, prepared

only_here = can("publish", only=("bluesky",))


def record(desk: Desk, uri: str) -> dict[str, Any]:
    found = Client(desk.account).record(uri)
    assert found is not None
    value: dict[str, Any] = found["value"]
    return value


@only_here
def test_fifty_sends_of_one_delivery_leave_one_record_as_the_first_wrote_it(desk: Desk) -> None:
    outgoing = desk.post("The weir is closed.", idem_key="one delivery")
    first = desk.send(outgoing)
    before = Client(desk.account).record(first.remote_id)
    with ThreadPoolExecutor(10) as hands:
        receipts = list(hands.map(lambda _: desk.send(outgoing), range(49)))
    assert {receipt.remote_id for receipt in receipts} == {first.remote_id}
    assert {receipt.at for receipt in receipts} == {first.at}
    assert Client(desk.account).record(first.remote_id) == before
    assert [one["id"] for one in desk.public()] == [first.remote_id]


@only_here
def test_ten_first_sends_at_once_leave_one_record(desk: Desk) -> None:
    outgoing = desk.post("The weir is open.", idem_key="another")
    with ThreadPoolExecutor(10) as hands:
        receipts = list(hands.map(lambda _: desk.send(outgoing), range(10)))
    assert len({(receipt.remote_id, receipt.at) for receipt in receipts}) == 1
    assert len(desk.public()) == 1


@only_here
def test_names_links_and_tags_are_marked_and_the_link_has_a_card(desk: Desk) -> None:
    ann = desk.emulator.create_account("bluesky", "ann.example", kind="resident")["id"]
    text = "🎉 @ann.example and @nobody.example: #Weir"
    uri = desk.posted(text, link="https://fernhill.example/weir", language="en")
    written = record(desk, uri)
    features = [facet["features"][0] for facet in written["facets"]]
    assert [one["$type"].rpartition("#")[2] for one in features] == ["mention", "tag", "link"]
    assert features[0]["did"] == ann
    assert written["langs"] == ["en"]
    card = written["embed"]["external"]
    assert (card["uri"], card["title"]) == ("https://fernhill.example/weir", "fernhill.example")


@only_here
def test_an_answer_names_what_it_answers_and_the_top_of_the_thread(desk: Desk) -> None:
    post = desk.posted()
    top = desk.hear("Is it open?", reply_to=post)
    below = desk.hear("I wonder too.", reply_to=top, by="somebody")
    uri = desk.send(Outgoing("reply", "Yes.", reply_to=below, root=post, idem_key="r")).remote_id
    reply = record(desk, uri)["reply"]
    assert (reply["root"]["uri"], reply["parent"]["uri"]) == (post, below)
    assert all(one["cid"].startswith("bafy") for one in reply.values())


@only_here
def test_a_thread_deeper_than_one_answer_of_the_server_is_read_to_its_end(desk: Desk) -> None:
    post = desk.posted()
    at, said = post, []
    for number in range(9):
        at = desk.hear(f"Word {number}.", reply_to=at, by=f"neighbour{number}")
        said.append(at)
    items = desk.platform.fetch(desk.account, "comments", "", post).items
    assert [one.remote_id for one in items] == said[::-1]
    assert {one.thread_key for one in items} == {said[0]}


@only_here
def test_hiding_keeps_what_is_hidden_already_and_is_seen_to_be_done(desk: Desk) -> None:
    post = desk.posted()
    first, second = desk.hear("Watches!", reply_to=post), desk.hear("More watches!", reply_to=post)
    for target in (first, second):
        act = Outgoing("hide", target=target)
        assert desk.platform.look_up(desk.account, act, desk.since()).exact is None
        desk.send(act)
        assert desk.platform.look_up(desk.account, act, desk.since()).exact
    gate = record(desk, post.replace("feed.post", "feed.threadgate"))
    assert gate["hiddenReplies"] == [first, second]
    desk.send(Outgoing("unhide", target=first))
    assert record(desk, post.replace("feed.post", "feed.threadgate"))["hiddenReplies"] == [second]


@only_here
def test_only_answers_under_our_own_posts_can_be_hidden(desk: Desk) -> None:
    with pytest.raises(Refused) as ending:
        desk.send(Outgoing("hide", target=desk.hear("@fernhill the lamp is out")))
    assert ending.value.cause == "permission"
    post, names = desk.posted(), []
    names = [desk.hear(f"Watch {n}", reply_to=post) for n in range(2)]
    gate = post.replace("feed.post", "feed.threadgate")
    repo, collection, rkey = gate.removeprefix("at://").split("/")
    full = [f"{post}{number}" for number in range(bluesky_writing.MOST_HIDDEN)]
    body = {"$type": collection, "post": post, "createdAt": "2026-11-30T12:00:00Z", "hiddenReplies": full}
    Client(desk.account).do(
        "com.atproto.repo.putRecord", {"repo": repo, "collection": collection, "rkey": rkey, "record": body}
    )
    with pytest.raises(Refused) as full_ending:
        desk.send(Outgoing("hide", target=names[0]))
    assert full_ending.value.cause == "content"


@only_here
def test_a_large_picture_goes_out_smaller_with_its_true_shape(desk: Desk) -> None:
    noise = Image.frombytes("RGB", (2600, 1300), Random(1).randbytes(2600 * 1300 * 3))  # noqa: S311
    data = io.BytesIO()
    noise.save(data, "JPEG", quality=90)
    assert data.tell() > bluesky_writing.MOST_IMAGE
    large = Picture("large", "image/jpeg", "Snow on the screen.", 2600, 1300, data.getvalue())
    outgoing = prepared(desk, Outgoing("post", "Snow.", pictures=[large, picture("small")], idem_key="k"))
    hollow = [replace(one, data=b"", width=0, height=0) for one in outgoing.pictures]  # as the outbox sends it
    uri = desk.send(replace(outgoing, pictures=hollow)).remote_id
    first, second = record(desk, uri)["embed"]["images"]
    assert first["image"]["size"] <= bluesky_writing.MOST_IMAGE
    assert first["aspectRatio"]["width"] == 2 * first["aspectRatio"]["height"] < 2600
    assert (second["alt"], second["aspectRatio"]) == ("The library from the street.", {"width": 64, "height": 48})


def with_app_password(desk: Desk) -> Account:
    """As a person connects it: a handle and an app password, and no session yet."""
    tokens = {one["kind"]: one["token"] for one in _account(desk)["tokens"]}
    pasted = {"identifier": Secret("@fernhill.bsky.example"), "app_password": Secret(tokens["password"])}
    return replace(desk.account, secrets=pasted)


def _account(desk: Desk) -> dict[str, Any]:
    return next(one for one in desk.emulator.accounts("ours") if one["id"] == desk.account.remote_id)


def kept(account: Account, given: object) -> Account:
    return replace(account, secrets=dict(account.secrets) | dict(given.secrets))  # type: ignore[attr-defined]


@only_here
def test_a_session_is_begun_once_and_then_carried_on(desk: Desk) -> None:
    account = with_app_password(desk)
    begun = desk.platform.renew(account)  # type: ignore[attr-defined]
    account = kept(account, begun)
    profile = desk.platform.profile(account)
    assert (profile.remote_id, profile.handle) == (desk.account.remote_id, "@fernhill.bsky.example")
    assert profile.expires_at == begun.expires_at
    assert 0 < (begun.expires_at - datetime.now(UTC)).total_seconds() <= 7200
    again = kept(account, desk.platform.renew(account))  # type: ignore[attr-defined]
    assert again.secrets["access_token"].reveal() != account.secrets["access_token"].reveal()
    assert desk.platform.profile(again).name == "Town of Fernhill"
    paths = [str(row["path"]).rpartition(".")[2] for row in desk.requests("token")]
    assert paths == ["createSession", "refreshSession"]


@only_here
def test_what_has_run_out_is_refused_and_renewed_with_the_app_password_where_it_must_be(desk: Desk) -> None:
    account = kept(with_app_password(desk), desk.platform.renew(with_app_password(desk)))  # type: ignore[attr-defined]
    for name in ("access_token", "refresh_token"):
        desk.emulator.revoke(token=account.secrets[name].reveal(), state="expired")
    with pytest.raises(Refused) as ending:
        desk.platform.fetch(account, "posts", "")
    assert (ending.value.cause, ending.value.code) == ("token", "400 ExpiredToken")
    fresh = kept(account, desk.platform.renew(account))  # type: ignore[attr-defined]
    assert desk.platform.fetch(fresh, "posts", "").items == []
    desk.emulator.revoke(account=desk.account.remote_id)
    with pytest.raises(Refused) as dead:
        desk.platform.renew(fresh)  # type: ignore[attr-defined]
    assert dead.value.cause == "token"
    assert "econnect" in dead.value.words


@only_here
def test_an_app_password_without_private_messages_still_hears_mentions(desk: Desk) -> None:
    desk.hear("@fernhill my neighbour is ill", visibility="direct")
    said = desk.hear("@fernhill the lamp is out")
    plain = desk.with_token(desk.emulator.create_token(desk.account.remote_id, scopes="com.atproto.appPass"))
    assert [one.remote_id for one in desk.platform.fetch(plain, "mentions", "").items] == [said]
    assert desk.platform.fetch(plain, "direct", "") == Page([])


@only_here
def test_only_conversations_in_which_something_may_be_new_are_opened(desk: Desk) -> None:
    for n in range(120):
        desk.hear("@fernhill thank you", visibility="direct", by=f"resident{n}")
    new = desk.hear("@fernhill my neighbour is ill", visibility="direct")
    page = desk.platform.fetch(desk.account, "direct", "")
    assert (page.items[0].remote_id, page.items[0].author_name != page.items[0].author_id) == (new, True)
    page = desk.platform.fetch(desk.account, "direct", page.next)
    assert page.rest is not None
    assert page.rest < desk.since()
    assert len(desk.requests("messages")) <= 5


@only_here
def test_a_private_answer_sent_again_is_one_answer(desk: Desk) -> None:
    asked = desk.hear("@fernhill my neighbour is ill", visibility="direct")
    reply = Outgoing("reply", "We will call you.", reply_to=asked, visibility="direct", idem_key="d")
    before = desk.since()
    assert desk.platform.look_up(desk.account, reply, before).candidates == []
    first = desk.send(reply)
    assert desk.send(reply).remote_id == first.remote_id
    assert [one.remote_id for one in desk.platform.look_up(desk.account, reply, before).candidates] == [first.remote_id]
    assert len(desk.public()) == 1
