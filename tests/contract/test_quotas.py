"""Every platform that tells how much is left is heard, whatever was asked of it."""

from __future__ import annotations

import pytest

from channels_app.platforms import quotas
from tests.contract.conftest import Desk, can

TELL = tuple(sorted(quotas.READERS))


@can("own_posts", only=TELL)
def test_what_is_left_is_heard_with_every_reading(desk: Desk) -> None:
    desk.platform.fetch(desk.account, "posts", "")
    told = quotas.take(desk.name, desk.account.host, desk.account.remote_id)
    assert told
    assert all(0 <= one.left <= one.most for one in told)


@can("own_posts", only=TELL, but=("pinterest",))
def test_a_limit_that_is_reached_is_heard_too(desk: Desk) -> None:
    desk.fault("rate_limited", reset=600)
    with pytest.raises(Exception, match="limit"):
        desk.platform.fetch(desk.account, "posts", "")
    told = quotas.take(desk.name, desk.account.host, desk.account.remote_id)
    assert not told or min(one.left for one in told) == 0


@can("publish", only=("instagram",))
def test_the_posts_of_a_day_are_counted_down(desk: Desk) -> None:
    desk.emulator.rules(daily_posts=3)
    desk.posted()
    told = {one.what: one for one in quotas.take(desk.name, desk.account.host, desk.account.remote_id)}
    assert (told["posts of a day"].left, told["posts of a day"].most) == (3, 3)
