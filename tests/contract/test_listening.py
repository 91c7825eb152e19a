"""What every platform brings back from residents, and its numbers."""

from __future__ import annotations

import pytest

from channels_app import platforms
from tests.contract.conftest import Desk, can

# What each platform tells of a post's numbers; the others stay unknown.
TOLD = {
    "bluesky": {"likes", "shares"},
    "facebook": {"likes", "shares", "impressions", "clicks", "reach"},
    "instagram": {"likes", "shares", "impressions", "reach"},
    "linkedin": {"likes", "shares", "impressions", "clicks", "reach"},
    "mastodon": {"likes", "shares"},
    "vimeo": {"likes", "impressions"},
    "pinterest": {"likes", "shares", "impressions", "clicks"},
    "x": {"likes", "shares", "impressions", "clicks"},
    "youtube": {"likes", "impressions"},
}


def walk(desk: Desk, stream: str, root: str = "") -> list[str]:
    """Every id of a stream, page by page, in the order it came."""
    found, page = [], ""
    while True:
        got = desk.platform.fetch(desk.account, stream, page, root)
        found += [one.remote_id for one in got.items]
        if not (page := got.next):
            return found


@can("publish", "own_posts")
def test_own_posts_come_newest_first_and_whole(desk: Desk) -> None:
    made = [desk.posted(f"Notice number {n}.") for n in range(7)]
    assert walk(desk, "posts") == made[::-1]
    item = desk.platform.fetch(desk.account, "posts", "").items[0]
    assert (item.kind, item.text) == ("post", "Notice number 6.")
    assert "metrics" not in desk.platform.CAN or item.numbers["likes"] is not None


@can("publish", "comments")
def test_a_stream_longer_than_a_page_is_walked_to_its_end(desk: Desk) -> None:
    post = desk.posted()
    made = [desk.hear(f"Question {n}?", reply_to=post) for n in range(130)]
    found = walk(desk, "comments", post)
    assert found == made[::-1]


@can("publish", "comments")
def test_comments_tell_who_wrote_what_under_which_post(desk: Desk) -> None:
    post = desk.posted()
    top = desk.hear("Is it open on Sunday?", reply_to=post)
    below = desk.hear("I wonder too.", reply_to=top)
    items = {one.remote_id: one for one in desk.platform.fetch(desk.account, "comments", "", post).items}
    assert set(items) == {top, below}
    assert items[top].text.endswith("Is it open on Sunday?")
    assert items[top].author_name
    assert {items[top].root_id, items[below].root_id} == {post}
    assert (items[top].parent_id, items[below].parent_id) == (post, top)
    assert (items[top].thread_key, items[below].thread_key) == (top, top)
    assert items[below].kind == "reply"


@can("mentions")
def test_a_mention_is_heard(desk: Desk) -> None:
    said = desk.hear("@fernhill the lamp on Mill Road is out")
    (item,) = desk.platform.fetch(desk.account, "mentions", "").items
    assert (item.remote_id, item.kind, item.thread_key) == (said, "mention", said)
    assert item.visibility == "public"


@can("publish", "comments", "mentions")
def test_an_item_has_one_kind_and_one_thread_whichever_stream_it_is_met_in(desk: Desk) -> None:
    post = desk.posted()
    top = desk.hear("@fernhill is it open?", reply_to=post)
    desk.hear("@fernhill and on Sunday?", reply_to=top)
    comments = desk.platform.fetch(desk.account, "comments", "", post).items
    mentions = desk.platform.fetch(desk.account, "mentions", "").items
    seen = {one.remote_id: (one.kind, one.thread_key) for one in comments}
    for one in mentions:
        assert (one.kind, one.thread_key) == seen[one.remote_id]


@can("direct")
def test_a_private_message_is_marked_as_one(desk: Desk) -> None:
    said = desk.hear("@fernhill my neighbour is ill", visibility="direct")
    (item,) = desk.platform.fetch(desk.account, "direct", "").items
    assert (item.remote_id, item.kind, item.visibility) == (said, "direct", "direct")
    streams = [name for name in desk.platform.STREAMS if name != "comments"]
    read = [one for name in streams for one in desk.platform.fetch(desk.account, name, "").items]
    assert [one.remote_id for one in read] == [said]


@can("publish", "comments")
def test_an_edit_is_seen_and_a_deletion_too(desk: Desk) -> None:
    post = desk.posted()
    comment = desk.hear("Is the lift workign?", reply_to=post)
    desk.emulator.edit(comment, "Is the lift working?")
    seen = desk.platform.read(desk.account, comment, "comment")
    assert seen is not None
    assert seen.text.endswith("Is the lift working?")
    desk.emulator.delete(comment)
    assert desk.platform.read(desk.account, comment, "comment") is None
    assert desk.platform.fetch(desk.account, "comments", "", post).items == []


@can("publish", "metrics")
def test_numbers_come_by_catalogue_name_and_a_missing_one_is_none(desk: Desk) -> None:
    first, second = desk.posted("One."), desk.posted("Two.")
    desk.emulator.set_metrics(first, likes=4100, shares=500, impressions=90000, clicks=1200, half_life=0.001)
    found = desk.platform.metrics(desk.account, ["", first, second])
    assert set(found) == {"", first, second}
    assert found[""]["followers"] is not None
    now = desk.emulator.metrics(first)
    told = TOLD[desk.name]
    for name in ("likes", "shares", "impressions", "clicks", "reach"):
        value = found[first][name]
        assert (value is not None) == (name in told)
        assert name not in told - {"reach"} or value == pytest.approx(now[name], rel=0.05)


@can("publish", "metrics", "delete")
def test_the_numbers_of_a_post_that_is_gone_are_left_out(desk: Desk) -> None:
    kept, gone = desk.posted("One."), desk.posted("Two.")
    desk.emulator.delete(gone)
    assert set(desk.platform.metrics(desk.account, [kept, gone])) == {kept}


@can("mentions", only=("mastodon",))
def test_a_mention_taken_back_while_its_thread_is_asked_for_does_not_end_the_reading(desk: Desk) -> None:
    kept = desk.hear("@fernhill the bench is broken")
    desk.hear("@fernhill and the lamp?", reply_to=kept)
    desk.fault("refuse", "replies", status=404)
    assert [one.remote_id for one in desk.platform.fetch(desk.account, "mentions", "").items] == [kept]


@can("publish", "comments", only=("instagram",))
def test_a_comment_with_more_answers_than_come_with_it_is_read_to_its_end(desk: Desk) -> None:
    post = desk.posted()
    top = desk.hear("Is it open?", reply_to=post)
    made = [desk.hear(f"I wonder too ({n}).", reply_to=top) for n in range(60)]
    assert walk(desk, "comments", post) == [*made[::-1], top]


@can("comments")
def test_pages_of_threads_are_known_for_such_by_their_numbers(desk: Desk) -> None:
    threads = {"instagram", "youtube", "vimeo"}
    assert platforms.has_threads(desk.name) is (desk.name in threads)
    if desk.name in threads:
        post = desk.posted()
        desk.hear("Is it open?", reply_to=post)
        (told,) = desk.platform.fetch(desk.account, "posts", "").items
        assert told.numbers["replies"] == 1
