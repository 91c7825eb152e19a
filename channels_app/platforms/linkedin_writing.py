"""What Parley changes on LinkedIn: a new post, a new comment, a like, and what goes."""

from __future__ import annotations

import re
from typing import Any

from channels_app.platforms import linkedin_little, linkedin_media
from channels_app.platforms import linkedin_reading as reading
from channels_app.platforms.base import Outgoing, Uncertain
from channels_app.platforms.linkedin_client import DUPLICATE, Client, encoded, reaction
from channels_app.platforms.verdicts import Answered

NAMED = re.compile(r"urn:li:(?:share|ugcPost):\d+")


def posted(client: Client, outgoing: Outgoing, text: str) -> str:
    """The new post's URN, which comes in a header of an answer without a body."""
    body: dict[str, Any] = {
        "author": client.page,
        "commentary": linkedin_little.escaped(text),
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    content = linkedin_media.content(outgoing)
    try:
        answer = client.call("POST", "posts", body | ({"content": content} if content else {}))
    except Answered as error:
        if error.code != DUPLICATE:
            raise
        same = NAMED.search(error.detail)
    else:
        return str(answer.headers["x-restli-id"])
    there = f", {reading.url_of(client.account, same[0])}" if same else ""
    raise Uncertain(f"LinkedIn says that the page has a post with these words{there}.", code=DUPLICATE)


def commented(client: Client, outgoing: Outgoing, text: str, above: str) -> str:
    """The URN of a new comment under a post or a comment."""
    # Not confirmed with real credentials: that the words of a comment, unlike a post's, know no markup.
    body: dict[str, Any] = {"actor": client.page, "object": above, "message": {"text": text}}
    if shown := linkedin_media.beside(outgoing):
        body["content"] = shown
    if above.startswith(reading.COMMENT):
        body |= {"object": reading.parts_of(above)[0], "parentComment": above}
    return str(client.call("POST", f"socialActions/{encoded(above)}/comments", body).json()["commentUrn"])


def delete(client: Client, target: str) -> None:
    """To delete what is gone already is to have deleted it."""
    path, headers = f"posts/{encoded(target)}", {"X_RestLi_Method": "DELETE"}
    if target.startswith(reading.COMMENT):
        thread, number = reading.parts_of(target)
        path = f"socialActions/{encoded(thread)}/comments/{encoded(number)}?actor={encoded(client.page)}"
        headers = {}
    try:
        client.call("DELETE", path, **headers)
    except Answered as answer:
        if answer.code != "404":
            raise


def like(client: Client, outgoing: Outgoing) -> None:
    """The page's like of a post or a comment. What is gone, or was not liked, carries none any more."""
    if outgoing.kind == "like":
        body = {"root": outgoing.target, "reactionType": "LIKE"}
        client.call("POST", f"reactions?actor={encoded(client.page)}", body)
        return
    try:
        client.call("DELETE", reaction(client.page, outgoing.target))
    except Answered as answer:
        if answer.code != "404":
            raise
