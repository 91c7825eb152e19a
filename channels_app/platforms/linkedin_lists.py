"""Lists on LinkedIn, walked page by page, and what belongs to their rows: names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from channels_app.platforms import linkedin_reading as reading
from channels_app.platforms import linkedin_roles
from channels_app.platforms.base import Candidate, Incoming, Outgoing, Page
from channels_app.platforms.linkedin_client import Client, encoded, listed, reaction
from channels_app.platforms.matching import SLACK
from channels_app.platforms.verdicts import Answered

COUNT = 100
AT_ONCE = 50  # ids in one question
PAGES = 10  # a walk that needs more pages than this is not complete
Rows = list[dict[str, Any]]


def one(client: Client, urn: str) -> dict[str, Any] | None:
    """A post or a comment; None when it is gone."""
    path = f"posts/{encoded(urn)}"
    if urn.startswith(reading.COMMENT):
        thread, number = reading.parts_of(urn)
        path = f"socialActions/{encoded(thread)}/comments/{encoded(number)}"
    try:
        return client.get(path)
    except Answered as answer:
        if answer.code == "404":
            return None
        raise


def is_liked(client: Client, urn: str) -> bool:
    """Whether the page has reacted to it."""
    try:
        client.get(reaction(client.page, urn))
    except Answered as answer:
        if answer.code == "404":
            return False
        raise
    return True


def posts(client: Client, start: int) -> Rows:
    """The page's own posts, newest first."""
    query = f"q=author&author={encoded(client.page)}&count={COUNT}&start={start}&sortBy=CREATED"
    return _elements(client.get(f"posts?{query}", X_RestLi_Method="FINDER"))


def own_posts(client: Client, start: int) -> Page:
    rows = posts(client, start)
    told = metadata(client, [str(row["id"]) for row in rows])
    items = [reading.post(client.account, row, {}, told.get(str(row["id"]))) for row in rows]
    return _page(items, start, len(rows), COUNT)


def mentions(client: Client, start: int) -> Page:
    """Posts of others that name the page, from its notifications; there is no other way to hear of them."""
    asked = f"q=criteria&actions=List(SHARE_MENTION)&organizationalEntity={encoded(client.page)}"
    path = f"organizationalEntityNotifications?{asked}&count={AT_ONCE}&start={start}"
    rows = _elements(client.get(path, X_RestLi_Method="FINDER"))
    told = [(row.get("decoratedGeneratedActivity") or {}).get("share") or {} for row in rows]
    known = names(client, [str(one.get("owner") or "") for one in told])
    return _page([reading.mention(client.account, row, known) for row in rows], start, len(rows), AT_ONCE)


def comments(client: Client, root: str, start: int, known: Mapping[str, int]) -> Page:
    """Comments under a post with what answers them, newest first.

    LinkedIn does not promise an order, so a page of ours is all of them as far as the walk goes. Of comments that are
    `known`, with so many answers, neither the answers are asked for again nor who wrote them.
    """
    rows, whole = thread(client, root, start)
    for row in list(rows):
        count = _answers(row)
        if count is None or count not in (0, known.get(str(row["commentUrn"]))):
            rows += thread(client, str(row["commentUrn"]))[0]
    told = names(client, [str(row["actor"]) for row in rows if str(row["commentUrn"]) not in known])
    told = {str(row["actor"]): "" for row in rows if str(row["commentUrn"]) in known} | told
    items = [reading.comment(client.account, row, root, told) for row in rows]
    items.sort(key=lambda item: (item.at, item.remote_id), reverse=True)
    return Page(items, "" if whole else str(start + COUNT * PAGES), items[0].remote_id if items else "")


def _answers(row: Mapping[str, Any]) -> int | None:
    """How many answers a comment has, None where that is not told."""
    summary = row.get("commentsSummary")
    if summary is None:
        return None
    return int(summary.get("aggregatedTotalComments") or summary.get("totalFirstLevelComments") or 0)


def thread(client: Client, urn: str, start: int = 0) -> tuple[Rows, bool]:
    """The comments directly under a post or a comment, and whether these are all."""
    found: Rows = []
    for number in range(PAGES):
        query = f"count={COUNT}&start={start + number * COUNT}"
        rows = _elements(client.get(f"socialActions/{encoded(urn)}/comments?{query}"))
        found += rows
        if len(rows) < COUNT:
            return found, True
    return found, False


def look_for_post(client: Client, since: datetime) -> tuple[list[Candidate], bool]:
    """The page's posts back to `since`, and whether the walk got there."""
    found: list[Candidate] = []
    for number in range(PAGES):
        rows = posts(client, number * COUNT)
        found += [reading.candidate(client.account, row) for row in rows]
        if len(rows) < COUNT or found[-1].at < since - SLACK:
            return found, True
    return found, False


def look_for_comment(client: Client, outgoing: Outgoing) -> tuple[list[Candidate], bool]:
    """Our comments under what this one answers."""
    try:
        rows, complete = thread(client, top_of(client, outgoing.reply_to))
    except Answered as answer:
        if answer.code == "404":
            return [], True
        raise
    ours = [row for row in rows if str(row["actor"]) == client.page]
    return [reading.comment_candidate(client.account, row, outgoing.reply_to) for row in ours], complete


def top_of(client: Client, urn: str) -> str:
    """Where an answer to this goes: under a post, or under a comment; one to an answer stands beside it."""
    if not urn.startswith(reading.COMMENT):
        return urn
    thread, number = reading.parts_of(urn)
    row = client.get(f"socialActions/{encoded(thread)}/comments/{encoded(number)}")
    return str(row.get("parentComment") or urn)


def names(client: Client, urns: Iterable[str]) -> dict[str, str]:
    """People's names by URN, as far as LinkedIn tells the page."""
    # Not confirmed with real credentials: whether a page's token may ask for the names of people who commented.
    people = sorted({urn for urn in urns if urn.startswith("urn:li:person:")})
    found: dict[str, str] = {}
    for start in range(0, len(people), AT_ONCE):
        ids = ",".join(f"(id:{encoded(urn.rpartition(':')[2])})" for urn in people[start : start + AT_ONCE])
        try:
            rows = client.get(f"people?ids=List({ids})").get("results") or {}
        except Answered as answer:
            if answer.code not in {"400", "403", "404"}:
                raise
            return found
        for row in rows.values():
            name = f"{row.get('localizedFirstName') or ''} {row.get('localizedLastName') or ''}".strip()
            found[f"urn:li:person:{row['id']}"] = name or reading.UNNAMED
    return found


def metadata(client: Client, urns: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Reactions and comments by URN; what is gone is left out."""
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(urns), AT_ONCE):
        found |= client.get(f"socialMetadata?ids={listed(urns[start : start + AT_ONCE])}").get("results") or {}
    return found


def statistics(client: Client, urns: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """What LinkedIn tells only the page of its posts, by URN; nothing of those nobody has seen yet."""
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(urns), AT_ONCE):
        part = urns[start : start + AT_ONCE]
        kinds = [("share", "shares", "urn:li:share:"), ("ugcPost", "ugcPosts", "urn:li:ugcPost:")]
        asked = "".join(
            f"&{many}={listed(chosen)}"
            for _, many, opening in kinds
            if (chosen := [urn for urn in part if urn.startswith(opening)])
        )
        if asked:
            query = f"q=organizationalEntity&organizationalEntity={encoded(client.page)}{asked}"
            rows = _elements(client.get(f"organizationalEntityShareStatistics?{query}", X_RestLi_Method="FINDER"))
            found |= {str(row.get("share") or row.get("ugcPost")): row["totalShareStatistics"] for row in rows}
    return found


def followers(client: Client) -> int | None:
    path = f"networkSizes/{encoded(client.page)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
    return client.get(path).get("firstDegreeSize")


def pages_of(client: Client) -> list[str]:
    """The numbers of the pages this token may write for."""
    roles = linkedin_roles.held(lambda path: client.get(path, X_RestLi_Method="FINDER"))
    return [number for number, held in roles.items() if held & linkedin_roles.MAY_PUBLISH]


def _elements(body: Mapping[str, Any]) -> Rows:
    return list(body["elements"])


def _page(items: Sequence[Incoming], start: int, got: int, count: int) -> Page:
    return Page(items, str(start + count) if got == count else "", items[0].remote_id if items else "")
