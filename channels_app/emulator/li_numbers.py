"""LinkedIn's REST interface: pages, who manages them, followers, statistics and notifications."""

import sqlite3
from typing import Any
from urllib.parse import unquote

from . import moving, reach, things
from .li_social import comment
from .linkedin import ORGANIZATION, PERSON, ROUTES, R, listed, page_of, pages, portion, urn_of
from .wire import Answer
from .world import Call, World


@ROUTES.on("GET", R + "/organizationAcls", "profile")
def acls(call: Call) -> Answer:
    """Which pages the person behind the token manages, and as what."""
    who = f"{PERSON}{call.me['id']}"
    rows = [
        {
            call.world.rule("linkedin_page"): f"{ORGANIZATION}{name}",
            "role": "ADMINISTRATOR",
            "roleAssignee": who,
            "state": "APPROVED",
        }
        for name in pages(call)
    ]
    shown, paging = portion(call, rows, call.world.rule("linkedin_sheet"))
    return Answer({"elements": shown, "paging": paging})


@ROUTES.on("GET", R + "/organizations/{name}", "profile")
def organization(call: Call, name: str) -> Answer:
    page = page_of(call, f"{ORGANIZATION}{name}")
    return Answer(
        {
            "id": int(page["id"]), "localizedName": page["name"], "vanityName": page["handle"],
            "localizedDescription": page["bio"], "organizationType": "GOVERNMENT_AGENCY",
            "primaryOrganizationType": "NONE",
            "localizedWebsite": f"https://{page['handle']}.example",
        }
    )  # fmt: skip


@ROUTES.on("GET", R + "/networkSizes/{name}", "profile")
def followers(call: Call, name: str) -> Answer:
    page = page_of(call, unquote(name))
    return Answer({"firstDegreeSize": reach.followers(page, call.now)})


@ROUTES.on("GET", R + "/organizationalEntityShareStatistics", "insights")
def statistics(call: Call) -> Answer:
    """What only the page is told of its posts; nothing of those nobody has seen."""
    page = page_of(call, call.request.arg("organizationalEntity"))
    rows = [things.alive(call.world, "linkedin", name) for name in listed(call.request, "shares")]
    elements = [_statistics(call, row, page) for row in rows if row is not None and row["account"] == page["id"]]
    return Answer({"elements": elements, "paging": {"start": 0, "count": 10, "links": []}})


def _statistics(call: Call, row: sqlite3.Row, page: sqlite3.Row) -> dict[str, Any]:
    seen = reach.at(call.world, row, call.now)
    comments = things.count_replies(call.world, row["id"])
    acts = seen["clicks"] + seen["likes"] + seen["shares"] + comments
    total = {
        "impressionCount": seen["impressions"], "uniqueImpressionsCount": int(seen["impressions"] * 0.78),
        "clickCount": seen["clicks"], "likeCount": seen["likes"], "commentCount": comments,
        "shareCount": seen["shares"], "engagement": acts / seen["impressions"] if seen["impressions"] else 0.0,
    }  # fmt: skip
    return {"share": row["id"], "organizationalEntity": urn_of(page), "totalShareStatistics": total}


@ROUTES.on("GET", R + "/organizationalEntityNotifications", "mentions")
def notifications(call: Call) -> Answer:
    """Posts of others that name the page."""
    page = page_of(call, call.request.arg("organizationalEntity"))
    where = "p.kind = 'post' AND p.id IN (SELECT post FROM mentions WHERE account = ?)"
    rows, paging = portion(call, things.listed(call, where, page["id"]))
    return Answer({"elements": [_notification(call, row, page) for row in rows], "paging": paging})


def _category(call: Call, row: sqlite3.Row) -> str:
    shown = things.media_of(call.world, row["id"])
    return ("VIDEO" if moving.is_video(shown[0]) else "IMAGE") if shown else "NONE"


def _notification(call: Call, row: sqlite3.Row, page: sqlite3.Row) -> dict[str, Any]:
    author = call.world.account(row["account"])
    assert author is not None
    told = {"entity": row["id"], "owner": urn_of(author), "text": row["text"], "mediaCategory": _category(call, row)}
    return {
        "notificationId": int(row["id"].rpartition(":")[2]), "organizationalEntity": urn_of(page),
        "action": "SHARE_MENTION", "generatedActivity": row["id"], "decoratedGeneratedActivity": {"share": told},
        "lastModifiedAt": int(row["created_at"] * 1000), "subscriber": f"{PERSON}{page['id']}",
    }  # fmt: skip


def speak(
    world: World,
    by: sqlite3.Row,
    text: str,
    above: sqlite3.Row | None,
    town: sqlite3.Row | None,
    now: float,
    columns: dict[str, Any],
) -> sqlite3.Row:
    """What a resident writes: a comment, or a post of their own that names the page."""
    if above is not None:
        return comment(world, by["id"], text, above, now, **columns)
    assert town is not None
    name = f"urn:li:share:{world.new_id('linkedin', now)}"
    return things.write(world, "linkedin", by["id"], text, now, id=name, mentions=[town["id"]], **columns)
