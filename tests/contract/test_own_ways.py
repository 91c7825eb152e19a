"""What is WordPress's or Pinterest's own, over their dialects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels_app.platforms.base import Outgoing, Refused, Secret
from tests.contract.conftest import Desk, can

WORDPRESS, PINTEREST = can("publish", only=("wordpress",)), can("publish", only=("pinterest",))


@WORDPRESS
def test_a_post_is_found_by_its_address_alone_though_another_says_the_same(desk: Desk) -> None:
    before, ours, same = desk.since(), desk.post("Same words.", idem_key="1"), desk.post("Same words.", idem_key="2")
    desk.send(same)
    assert desk.platform.look_up(desk.account, ours, before).exact is None
    made = desk.send(ours).remote_id
    found = desk.platform.look_up(desk.account, ours, before).exact
    assert found is not None
    assert found.remote_id == made


@WORDPRESS
def test_a_post_that_somebody_threw_away_is_not_taken_for_never_published(desk: Desk) -> None:
    before, post = desk.since(), desk.post("Thrown away.")
    desk.emulator.delete(desk.send(post).remote_id)
    lookup = desk.platform.look_up(desk.account, post, before)
    assert (lookup.exact, list(lookup.candidates), lookup.complete) == (None, [], False)


@WORDPRESS
def test_people_see_the_words_that_were_signed_whatever_they_are_made_of(desk: Desk) -> None:
    words = '"It\'s" 9x9 -- done... :)\nSecond line [gallery]\n\nلا بأس'
    read = desk.platform.read(desk.account, desk.posted(words), "post")
    assert read is not None
    assert read.text == words


@WORDPRESS
def test_a_comment_held_back_is_read_as_hidden_and_visitors_are_told_apart(desk: Desk) -> None:
    post = desk.posted()
    said = [desk.hear("First!", reply_to=post, by="ann"), desk.hear("Second!", reply_to=post, by="bob")]
    desk.send(Outgoing("hide", target=said[0]))
    items = {one.remote_id: one for one in desk.platform.fetch(desk.account, "comments", "", post).items}
    assert [items[one].hidden for one in said] == [True, False]
    assert len({one.author_id for one in items.values()}) == 2
    assert all(one.author_id.startswith("visitor-") for one in items.values())


@PINTEREST
def test_a_board_that_is_not_there_is_named_with_those_that_are(desk: Desk) -> None:
    other = replace(desk.account, secrets=dict(desk.account.secrets) | {"board": Secret("Nowhere")})
    with pytest.raises(Refused, match="Town news"):
        desk.platform.profile(other)
    assert desk.platform.profile(desk.account).limits["board"]
