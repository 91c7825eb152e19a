"""What YouTube holds back from the public is heard all the same, is marked as hidden, and can be published."""

from __future__ import annotations

from channels_app.platforms.base import Outgoing
from tests.contract.conftest import Desk, can

pytestmark = can("publish", "comments", only=("youtube",))


def test_a_comment_that_was_held_before_anybody_read_it_comes_in_as_hidden(desk: Desk) -> None:
    post = desk.posted()
    held, plain = desk.hear("Call me on 555 0100", reply_to=post), desk.hear("When is it open?", reply_to=post)
    desk.send(Outgoing("hide", target=held))
    for hidden in (True, False):
        items = {one.remote_id: one.hidden for one in desk.platform.fetch(desk.account, "comments", "", post).items}
        assert items == {held: hidden, plain: False}
        desk.send(Outgoing("unhide", target=held))
