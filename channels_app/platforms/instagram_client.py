"""Instagram's part of the Graph API: the same client as Facebook's, and what Instagram's own answers prove.

Most codes are in Meta's table of Instagram's errors; 36001, 36003, 36004, 352, 9004, 9007, 25 and the closed window
of private messages are known from what others report, and not verified against the live service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from channels_app.platforms.base import Ending, TryLater
from channels_app.platforms.graph import BAD_PROOF, SIGNED_WRONGLY, Graph
from channels_app.platforms.verdicts import Answered, Verdict, after_read, after_write, ended

LABEL = "Instagram"
RECONNECT = "Reconnect the channel with a new token of its Page."
EXPIRED = "-2/2207020"
USED_UP = "9/2207042"
_LIMIT = "Instagram's limit for this account is used up."
TABLE: Mapping[str, Verdict] = {
    "190": Verdict(f"Instagram does not accept this account's token any more. {RECONNECT}", cause="token"),
    "102": Verdict(f"Meta has ended the session of this account's Page. {RECONNECT}", cause="token"),
    "104": Verdict(f"Instagram was given no token it can read. {RECONNECT}", cause="token"),
    "10": Verdict("This account's token lacks a permission for this.", cause="permission"),
    "10/2534022": Verdict("Private answers end 24 hours after the person's last message.", cause="content"),
    "200": Verdict("This account's token lacks a permission for this, or the role is gone.", cause="permission"),
    "3": Verdict("The app at Meta may not do this.", cause="permission"),
    "368": Verdict("Instagram has blocked this account from doing this for now.", cause="permission"),
    "25": Verdict("Instagram has restricted this account.", cause="permission"),
    "4/2207051": Verdict("Instagram takes this for spam and has restricted it.", cause="permission"),
    "4": Verdict("The limit of the app at Meta is used up.", wait=900, whole_channel=True),
    "17": Verdict(_LIMIT, wait=900, whole_channel=True),
    "32": Verdict(_LIMIT, wait=900, whole_channel=True),
    "613": Verdict(_LIMIT, wait=900, whole_channel=True),
    "80002": Verdict(_LIMIT, wait=900, whole_channel=True),
    USED_UP: Verdict("Instagram takes no more posts of this account today.", wait=3600),  # answers it still takes
    "100": Verdict("Instagram does not take this as it is ({detail}).", cause="content"),
    BAD_PROOF: Verdict(SIGNED_WRONGLY, cause="token"),
    "100/33": Verdict("This is no longer on Instagram, or the account may not see it.", cause="gone"),
    EXPIRED: Verdict("What Instagram had prepared has expired.", wait=5),
    "9007": Verdict("Instagram is still working on what was given to it.", wait=15),
    "9004": Verdict("Instagram could not fetch the picture or video from Parley's public address.", wait=60),
    "-2/2207003": Verdict("Instagram took too long to fetch the picture or video from Parley.", wait=60),
    "36000": Verdict("A picture is over Instagram's 8 MB.", cause="content"),
    "36001": Verdict("Instagram cannot read this picture.", cause="content"),
    "36003": Verdict("Instagram takes pictures between 4:5 and 1.91:1.", cause="content"),
    "36004": Verdict("The caption is too long for Instagram.", cause="content"),
    "352": Verdict("Instagram does not take this kind of video.", cause="content"),
}
T = TypeVar("T")


class Client(Graph):
    """One account's client, for one call: the token is that of the Page it is linked with."""

    table = TABLE


def one(client: Client, name: str, fields: str) -> dict[str, Any] | None:
    """An object with these fields; None when it is gone or hidden from the account."""
    try:
        row: dict[str, Any] = client.get_object(name, fields=fields)
    except Answered as answer:
        if answer.code == "100/33":
            return None
        raise
    return row


def read(call: Callable[[], T]) -> T:
    """A read, or a step that may be repeated."""
    return ended(call, partial(after_read, LABEL, TABLE))


def write(call: Callable[[], T]) -> T:
    return ended(call, partial(after_write, LABEL, TABLE))


def publish(call: Callable[[], T]) -> T:
    """The one call that makes a container public. Of one that is out already Instagram may say that it is wrong or
    gone, so only what it says of limits, rights and containers in waiting proves anything.
    """
    table = {code: verdict for code, verdict in TABLE.items() if verdict.cause not in {"content", "gone"}}
    return ended(call, partial(after_write, LABEL, table))


def before_sending(call: Callable[[], T]) -> T:
    """A read that comes before the one call that sends: where it fails, nothing was sent."""
    problem: Ending
    try:
        return read(call)
    except TryLater as ending:
        if ending.code in TABLE:
            raise
        problem = TryLater(ending.words, wait=ending.wait, code="not sent")
    raise problem
