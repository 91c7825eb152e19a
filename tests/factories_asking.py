"""Questions under our posts, calls that feed a decision, and ideas of residents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from channels_app.models import Channel
from engagement import calls, kickstarts, suggestions
from engagement.models import InputCall, KickStarter, Message, Suggestion
from tests.factories import NOON, make_channel, make_user
from tests.factories_inbox import make_incoming, make_own, receive


def make_kickstarter(
    channel: Channel | None = None,
    *,
    shape: str = "yes_no",
    call: InputCall | None = None,
    by: User | None = None,
    now: datetime = NOON,
    days: int = 7,
) -> KickStarter:
    """A question under a post of ours, open for a week."""
    by, channel = by or make_user("officer"), channel or make_channel()
    post = receive(channel, make_own(channel, "Shall we plant oaks?", kind="post", at=now - timedelta(hours=1)))[0]
    found = kickstarts.find_post(channel.key, post.remote_id, by, now)
    assert found
    until = (now + timedelta(days=days)).date()
    return kickstarts.put(found, shape, "Shall we plant oaks?", until, call, by=by, now=now)


def answer(one: KickStarter, text: str, who: str = "", *, at: datetime = NOON, **facts: Any) -> Message:
    """A resident replies under the post."""
    facts |= {"author_id": who} if who else {}
    item = make_incoming(text, kind="comment", at=at, root_id=one.remote_id, parent_id=one.remote_id, **facts)
    return receive(one.channel, item)[0]


def make_call(*, by: User | None = None, now: datetime = NOON, opened: bool = True, **facts: Any) -> InputCall:
    """A call with everything that opening it asks for, open unless told otherwise."""
    by, today = by or make_user("officer"), now.date()
    told = {
        "question": "Where should the trees go?",
        "decision": "Council vote on Mill Road",
        "level": "consult",
        "decider": "The council",
        "returns": "A reply to everybody who answered",
        "opens_on": None,
        "closes_on": today + timedelta(days=7),
        "heard_on": today + timedelta(days=14),
    }
    one = calls.draft(told | facts, by=by, now=now)
    return calls.open_up(one, by=by, now=now) if opened else one


def make_suggestion(channel: Channel | None = None, *, by: User | None = None, now: datetime = NOON) -> Suggestion:
    """A resident's message in the idea box."""
    message = receive(channel or make_channel(), make_incoming("Why not put a tap on the green?"))[0]
    return suggestions.mark(message, by=by or make_user("officer"), now=now)
