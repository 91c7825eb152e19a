"""YouTube's Data API: what lists, comments, moderates, deletes, and the token endpoint."""

import sqlite3
from typing import Any

from . import films, reach, things, yt_show
from .wire import Answer, Refuse, Request
from .world import DAY, Call
from .youtube import ROUTES, bad, comment, error, gone, refusal, video, words_of, write_comment

V3 = "/youtube/v3"
LATE = 2 * DAY  # how far its reports are behind


def _paged(call: Call, rows: list[sqlite3.Row], most: int = 100) -> tuple[list[sqlite3.Row], dict[str, object]]:
    """One page and what the list says about itself."""
    size = call.request.number("maxResults", 20)
    if not 1 <= size <= most:
        raise bad("invalidValue", f"Invalid value '{size}'. Values must be within the range: [1, {most}]")
    token = call.request.arg("pageToken")
    if token and not token.removeprefix("EAAa").isdigit():
        raise bad("invalidPageToken", "The request specifies an invalid page token.")
    start = int(token.removeprefix("EAAa") or 0)
    about: dict[str, object] = {"pageInfo": {"totalResults": len(rows), "resultsPerPage": size}}
    if len(rows) > start + size:
        about["nextPageToken"] = f"EAAa{start + size}"
    return rows[start : start + size], about


@ROUTES.on("GET", V3 + "/channels", "profile")
def channels(call: Call) -> Answer:
    if call.request.flag("mine"):
        return Answer({"items": [yt_show.channel(call, call.me)]})
    found = [call.world.account(one) for one in call.request.many("id")]
    return Answer({"items": [yt_show.channel(call, row) for row in found if row is not None]})


@ROUTES.on("GET", V3 + "/playlistItems", "own_posts")
def playlist(call: Call) -> Answer:
    """The uploads of a channel, newest first."""
    account = call.world.account("UC" + call.request.arg("playlistId").removeprefix("UU"))
    if account is None:
        raise gone("playlistNotFound", "playlist")
    rows = things.listed(call, "p.account = ? AND p.parent IS NULL", account["id"])
    shown, about = _paged(call, rows, 50)
    return Answer({"items": [{"contentDetails": {"videoId": row["id"]}} for row in shown]} | about)


def _asked(request: Request) -> str:
    return "insights" if request.arg("part") == "statistics" else "post"


@ROUTES.on("GET", "/v2/reports", "report")
def report(call: Call) -> Answer:
    """What was counted two days ago; videos with nothing counted yet have no row."""
    asked = {name: call.request.arg(name) for name in ("ids", "metrics", "dimensions", "sort", "maxResults")}
    whole = {"ids": "channel==MINE", "metrics": "views,shares", "dimensions": "video", "sort": "-views"}
    if {name: asked[name] for name in whole} != whole or not 1 <= int(asked["maxResults"] or 0) <= 200:
        raise bad("badRequest", "The query is not supported. Check the documentation for supported queries.")
    names = call.request.arg("filters").removeprefix("video==").split(",")
    found = [things.find(call.world, name) for name in names]
    ours = [row for row in found if row is not None and row["account"] == call.me["id"]]
    counted = [(row, reach.at(call.world, row, call.now - LATE)) for row in ours if row["created_at"] < call.now - LATE]
    rows = [[row["id"], seen["impressions"], seen["shares"]] for row, seen in counted]
    heads = [{"name": name} for name in ("video", "views", "shares")]
    return Answer({"columnHeaders": heads, "rows": sorted(rows, key=lambda row: -row[1])})


@ROUTES.on("GET", V3 + "/videos", _asked)
def videos(call: Call) -> Answer:
    """Those of the ids asked for that are there; what is gone is left out, not refused."""
    ids = call.request.many("id")
    if len(ids) > 50:
        raise bad("invalidFilters", "The request specifies too many ids.")
    found = [_shown(call, one) for one in ids]
    return Answer({"items": [one for one in found if one is not None]})


def _shown(call: Call, name: str) -> dict[str, Any] | None:
    made, row = films.draft(call, name), things.alive(call.world, "youtube", name)
    if made is not None:
        return yt_show.draft(call, made)
    return yt_show.video(call, row) if row is not None and not row["parent"] else None


@ROUTES.on("DELETE", V3 + "/videos", "delete")
def delete_video(call: Call) -> Answer:
    row = video(call, call.request.arg("id"))
    if row["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    things.delete(call.world, row, call.now)
    return Answer(b"", 204, {}, row["id"])


@ROUTES.on("GET", V3 + "/commentThreads", "replies")
def threads(call: Call) -> Answer:
    """Comments under a video, newest first: those that are published, or for its owner those that are held."""
    root = video(call, call.request.arg("videoId"))
    if "comments_off" in root["extra"]:
        raise Refuse(error(403, "commentsDisabled", "The video has disabled comments."))
    held = call.request.arg("moderationStatus") == "heldForReview"
    if held and root["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    rows = things.listed(call, "p.parent = ? AND p.hidden = ?", root["id"], int(held))
    shown, about = _paged(call, rows)
    return Answer({"items": [yt_show.thread(call, row) for row in shown]} | about)


def _listed(request: Request) -> str:
    return "replies" if request.arg("parentId") else "post"


@ROUTES.on("GET", V3 + "/comments", _listed)
def comments(call: Call) -> Answer:
    """The answers to one comment, or comments by id."""
    if call.request.arg("parentId"):
        parent = comment(call, call.request.arg("parentId"))
        rows = things.listed(call, "p.parent = ? AND p.hidden = 0", parent["id"])
        shown, about = _paged(call, rows)
        return Answer({"items": [yt_show.comment(call, row) for row in shown]} | about)
    found = [things.alive(call.world, "youtube", one) for one in call.request.many("id")]
    return Answer({"items": [yt_show.comment(call, row) for row in found if row is not None and row["parent"]]})


@ROUTES.on("POST", V3 + "/comments", "reply")
def reply(call: Call) -> Answer:
    """An answer to a top-level comment; answers have none of their own."""
    snippet = words_of(call)
    parent = comment(call, str(snippet.get("parentId") or ""), "parentCommentNotFound")
    if parent["parent"] != parent["root"]:
        raise bad("operationNotSupported", "The API user cannot reply to a reply.")
    row = write_comment(call, parent, snippet.get("textOriginal"))
    return Answer(yt_show.comment(call, row), committed=row["id"])


@ROUTES.on("POST", V3 + "/commentThreads", "publish")
def top_comment(call: Call) -> Answer:
    snippet = words_of(call)
    text = ((snippet.get("topLevelComment") or {}).get("snippet") or {}).get("textOriginal")
    row = write_comment(call, video(call, str(snippet.get("videoId") or "")), text)
    return Answer(yt_show.thread(call, row), committed=row["id"])


@ROUTES.on("POST", V3 + "/comments/setModerationStatus", "hide")
def moderate(call: Call) -> Answer:
    """Hold, publish or reject what somebody wrote under our videos."""
    status = call.request.arg("moderationStatus")
    if status not in {"heldForReview", "published", "rejected"}:
        raise bad("invalidValue", "Invalid moderation status.")
    for name in call.request.many("id"):
        row = comment(call, name)
        root = things.find(call.world, row["root"])
        if root is None or root["account"] != call.me["id"]:
            raise Refuse(refusal("forbidden", call))
        if status == "rejected":
            things.delete(call.world, row, call.now)
        else:
            call.store.update("posts", {"id": name}, hidden=int(status == "heldForReview"))
    return Answer(b"", 204, {}, call.request.arg("id"))


@ROUTES.on("DELETE", V3 + "/comments", "delete")
def delete_comment(call: Call) -> Answer:
    row = comment(call, call.request.arg("id"))
    if row["account"] != call.me["id"]:
        raise Refuse(refusal("forbidden", call))
    things.delete(call.world, row, call.now)
    return Answer(b"", 204, {}, row["id"])


@ROUTES.on("POST", "/token", "token")
def token(call: Call) -> Answer:
    """A new access token for a refresh token, which stays good."""
    old = call.world.token(call.request.arg("refresh_token"))
    if call.request.arg("grant_type") != "refresh_token" or old is None or old["kind"] != "refresh":
        return Answer({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
    if old["state"] != "ok":
        return Answer({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
    access = call.world.create_token(old["account"], "youtube", call.now, expires_at=call.now + 3599)
    return Answer({"access_token": access, "expires_in": 3599, "token_type": "Bearer", "scope": old["scopes"]})
