"""Asking Meta to tell us unasked what happens on a Page, and on the Instagram account that is tied to it.

Where it tells, and of what, is set once at the town's app. Besides each Page has to let the app be told; `me` of a
Page's token is the Page, Instagram's as well. That Meta takes the rest where one of the fields is not allowed is not
verified, so they are asked for again without it.
"""

from __future__ import annotations

from functools import partial

from channels_app.platforms.base import Account
from channels_app.platforms.graph import TABLE, Graph
from channels_app.platforms.verdicts import Answered, after_read, ended

FIELDS, WITHOUT_MESSAGES = "feed,mention,messages", "feed,mention"
SHUT = frozenset({"10", "200", "3", "100"})  # how Meta words a field that the token has no right to


def ask(account: Account) -> None:
    """May be repeated without harm. Raises the endings; the right to it is missing where it is Refused."""
    client = Graph(account)
    ended(lambda: _asked(client), partial(after_read, "Meta", TABLE))


def _asked(client: Graph) -> None:
    try:
        client.put_object("me", "subscribed_apps", subscribed_fields=FIELDS)
    except Answered as answer:
        if answer.code not in SHUT:
            raise
        client.put_object("me", "subscribed_apps", subscribed_fields=WITHOUT_MESSAGES)
