"""What people can be told about, and how they are mailed of it unless they choose otherwise."""

from __future__ import annotations

from dataclasses import dataclass

NOW, DAY, WEEK, OFF = "now", "day", "week", "off"


@dataclass(frozen=True)
class Event:
    """`start` is the beginning of the events' names it covers; `how` is when mail goes unless the person chose."""

    start: str
    group: str
    words: str
    how: str = NOW


EVENTS = (
    Event("inbox.assigned", "Inbox", "A conversation is given to me"),
    Event("inbox.due_soon", "Inbox", "A conversation of mine is nearly due"),
    Event("inbox.overdue", "Inbox", "A conversation is overdue"),
    Event("inbox.handed", "Inbox", "A question to my department, or its answer"),
    Event("inbox.named", "Inbox", "A colleague names me in a note"),
    Event("inbox.rule", "Inbox", "A rule of the inbox is to tell me"),
    Event("statutory.", "Inbox", "A legal request: given to me, or nearly due"),
    Event("inbox.", "Inbox", "Anything else about conversations", DAY),
    Event("issue.", "Inbox", "Several people report the same, or many write under one post"),
    Event("promise.", "Promises", "A promise of mine: given to me, nearly due, due or late"),
    Event("listening.loud", "Listening", "Something we listen for is far louder than usual"),
    Event("listening.consent", "Listening", "I am asked whether Parley may listen for abuse of me"),
    Event("listening.", "Listening", "Anything else about listening", DAY),
    Event("reply.to_sign", "Sign-off", "A reply waits for my signature"),
    Event("reply.", "Sign-off", "A reply of mine was signed or sent back"),
    Event("post.to_sign", "Sign-off", "A post waits for my signature"),
    Event("post.", "Sign-off", "A post of mine was moved, signed or sent back"),
    Event("post.remark", "Sign-off", "A remark on a post I take part in", DAY),
    Event("idea.sent", "Ideas", "A service sent an idea", DAY),
    Event("idea.", "Ideas", "What became of an idea of mine"),
    Event("post.comments", "Publishing", "Comments on a post are to be closed by hand"),
    Event("post.picture", "Publishing", "A picture of a planned post may not be used any more"),
    Event("media.", "Publishing", "A picture or video I added cannot be used"),
    Event("post.link", "Publishing", "A planned post leads to a dead link"),
    Event("delivery.", "Publishing", "Something could not be published or needs a decision"),
    Event("publishing.", "Publishing", "Publishing was stopped or must be resumed"),
    Event("channel.", "Channels", "A channel has lost its connection or deliveries wait"),
    Event("channel.followers", "Channels", "Followers of a channel jump out of all proportion", DAY),
    Event("emergency.", "Emergency", "Emergency messages: failures, and updates that are due"),
    Event("report.", "Reports", "The weekly report"),
    Event("policy.", "Policy and voice", "The policy: something to read, approve or review", DAY),
    Event("training.due", "Training and rights", "My training runs out"),
    Event("training.", "Training and rights", "Somebody else's training has run out", DAY),
    Event("right.ends", "Training and rights", "A right ends soon", DAY),
    Event("leaver.", "Training and rights", "What is left to do after somebody left", DAY),
    Event("alarm.", "How Parley runs", "An alarm about Parley itself"),
    Event("silent.", "How Parley runs", "A part of Parley has gone silent"),
    Event("", "Everything else", "Whatever has no line of its own"),
)
STARTS = {event.start: event for event in EVENTS}
# About one's own account and about people in danger: nobody can switch these mails off or have them late.
ALWAYS = ("reset_link", "account.", "emergency.")


def of(name: str) -> Event:
    """The line an event belongs to: the longest start that fits."""
    return max((event for event in EVENTS if name.startswith(event.start)), key=lambda event: len(event.start))


def is_fixed(name: str) -> bool:
    return name.startswith(ALWAYS)
