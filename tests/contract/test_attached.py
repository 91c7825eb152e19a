"""What residents hang on their words: a video is told of as one, with a place to watch it; a picture as a picture."""

from __future__ import annotations

import pytest

from channels_app.platforms.base import Incoming
from tests.contract.conftest import Desk, can, video

CARRIES = ("bluesky", "facebook", "instagram", "linkedin", "mastodon", "x")


def held(desk: Desk, stream: str, root: str = "") -> dict[str, Incoming]:
    return {one.remote_id: one for one in desk.platform.fetch(desk.account, stream, "", root).items}


def counted(item: Incoming) -> tuple[int, int]:
    """Pictures and videos."""
    return len(item.pictures), len(item.videos or ())


@can("mentions", only=CARRIES)
def test_a_video_that_names_the_town_is_heard_as_one(desk: Desk) -> None:
    said = desk.hear("@fernhill the lamp on Mill Road flickers", attached=["video"])
    heard = held(desk, "mentions")[said]
    assert counted(heard) == (0, 1)
    (film,) = heard.videos or ()
    assert film.url.startswith("https://")


@can("mentions", only=CARRIES, but=("linkedin",))  # whose notifications do not show what hangs on a post
def test_a_picture_is_no_video(desk: Desk) -> None:
    said = desk.hear("@fernhill the lamp on Mill Road is out", attached=["picture"])
    assert counted(held(desk, "mentions")[said]) == (1, 0)


@can("publish", "comments", only=("bluesky", "facebook", "mastodon", "x"))  # elsewhere a comment is words
def test_a_comment_may_carry_one_as_well(desk: Desk) -> None:
    post = desk.posted()
    films, plain = desk.hear("This.", reply_to=post, attached=["video"]), desk.hear("That.", reply_to=post)
    heard = held(desk, "comments", post) if "comments" in desk.platform.STREAMS else held(desk, "mentions")
    assert counted(heard[films]) == (0, 1)
    assert counted(heard[plain]) == (0, 0)


@can("publish", "comments", only=("bluesky", "facebook", "linkedin", "mastodon", "x"))
def test_a_comment_may_show_a_picture(desk: Desk) -> None:
    post = desk.posted()
    shows, plain = desk.hear("This.", reply_to=post, attached=["picture"]), desk.hear("That.", reply_to=post)
    heard = held(desk, "comments", post) if "comments" in desk.platform.STREAMS else held(desk, "mentions")
    assert (counted(heard[shows]), counted(heard[plain])) == ((1, 0), (0, 0))
    read = desk.platform.read(desk.account, shows, heard[shows].kind)
    assert read is not None
    assert read.pictures == heard[shows].pictures
    assert str(read.pictures[0]["url"]).startswith("https://")


@can("direct", only=("facebook", "instagram", "mastodon", "x"))
@pytest.mark.parametrize(("kind", "counts"), [("video", (0, 1)), ("picture", (1, 0))])
def test_so_may_a_private_message(desk: Desk, kind: str, counts: tuple[int, int]) -> None:
    said = desk.hear("@fernhill see for yourselves", visibility="direct", attached=[kind])
    heard = held(desk, "direct")[said]
    assert (heard.kind, counted(heard)) == ("direct", counts)


@can("video", only=(*CARRIES, "pinterest", "wordpress"))
def test_a_video_of_our_own_is_not_reported_missing(desk: Desk) -> None:
    made = desk.posted("The weir.", video=video())
    seen = desk.platform.read(desk.account, made, "post")
    assert seen is not None
    assert seen.videos is None or len(seen.videos) == 1
