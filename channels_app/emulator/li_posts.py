"""LinkedIn's REST interface: posts, written and read."""

import sqlite3
from typing import Any
from urllib.parse import unquote

from . import li_text, media, things
from .linkedin import ROUTES, R, bad, duplicate, listed, page_of, pages, portion, refusal, thing, upload_of, urn_of
from .wire import Answer, Refuse, Request
from .world import DAY, Call, extra

FIXED = {
    "visibility": "PUBLIC",
    "lifecycleState": "PUBLISHED",
    "isReshareDisabledByAuthor": False,
    "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
}


@ROUTES.on("POST", R + "/posts", "publish")
def publish(call: Call) -> Answer:
    """A post of words, pictures, a video or a link's card. The answer is empty: the name comes in a header."""
    body = call.request.json
    if not isinstance(body, dict):
        raise bad("Content could not be parsed")
    page = page_of(call, str(body.get("author")))
    for field in ("visibility", "distribution", "lifecycleState"):
        if field not in body:
            raise bad(f"Field {field} is required but not found", "MISSING_FIELD")
    little = str(body.get("commentary") or "")
    text, whole = li_text.shown(little)
    if len(text.encode("utf-16-le")) // 2 > li_text.MOST:
        raise bad(f"field commentary is too long, max {li_text.MOST}", "FIELD_LENGTH_TOO_LONG", 422)
    content = body.get("content") or {}
    attached, kept = _content(call, content)
    if not (text.strip() or content):
        raise bad("A post has words or content", "MISSING_FIELD")
    same = things.same_again(call, text, None, DAY)
    if same is not None and call.world.rule("duplicates"):
        raise Refuse(duplicate(same["id"]))
    number = call.world.new_id("linkedin", call.now)
    row = things.write(
        call.world, "linkedin", page["id"], text, call.now, id=f"urn:li:share:{number}", link=kept.get("source", ""),
        media=[name for name, _ in attached], extra={"little": little, "cut": not whole, "content": content},
    )  # fmt: skip
    for name, alt in attached:
        call.store.update("media", {"id": name}, alt=alt)
    call.world.town.hear(row)
    return Answer(b"", 201, {"x-restli-id": row["id"], "x-linkedin-id": row["id"]}, committed=row["id"])


def _content(call: Call, content: Any) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Uploads with their alt texts, and the card of a link; exactly one kind of content."""
    if not isinstance(content, dict) or len(content) > 1:
        raise bad("Only one kind of content may be given")
    article = content.get("article") or {}
    if "article" in content and not (article.get("source") and article.get("title")):
        raise bad("Field source and title of article are required", "MISSING_FIELD")
    several = (content.get("multiImage") or {}).get("images") or []
    if "multiImage" in content and not 2 <= len(several) <= 20:
        raise bad("multiImage has between 2 and 20 images")
    chosen = several or ([content["media"]] if "media" in content else [])
    found = []
    for one in chosen:
        name, alt = str(one.get("id")), str(one.get("altText") or "")
        row = upload_of(call, name)
        if row is None or row["post"] or media.state_of(row, call.now) != "ready" or not row["sha256"]:
            raise bad(f"{name} is not available")
        if len(alt) > 4086:
            raise bad("altText is too long", "FIELD_LENGTH_TOO_LONG", 422)
        found.append((name, alt))
    return found, article


def _acts(request: Request) -> str:
    return "edit" if request.headers.get("X-RestLi-Method", "").upper() == "PARTIAL_UPDATE" else "unknown"


@ROUTES.on("POST", R + "/posts/{name}", _acts)
def change(call: Call, name: str) -> Answer:
    """New words for a post of ours; nothing else of it changes."""
    row = _own(call, name)
    patch = ((call.request.json or {}).get("patch") or {}).get("$set") or {}
    text, _ = li_text.shown(str(patch.get("commentary") or ""))
    if not text.strip():
        raise bad("Field commentary is required but not found", "MISSING_FIELD")
    things.edit(call.world, row, text, call.now)
    return Answer(b"", 204, committed=row["id"])


@ROUTES.on("DELETE", R + "/posts/{name}", "delete")
def delete(call: Call, name: str) -> Answer:
    """Deleting is the same however often it is asked for."""
    row = things.find(call.world, unquote(name))
    if row is not None and row["account"] not in pages(call):
        raise Refuse(refusal("forbidden", call))
    if row is not None and not row["deleted_at"]:
        things.delete(call.world, row, call.now)
    return Answer(b"", 204, committed=row["id"] if row is not None else None)


@ROUTES.on("GET", R + "/posts", "own_posts")
def own(call: Call) -> Answer:
    """The posts of one page, newest first; or several by their names."""
    if listed(call.request, "ids"):
        found = [things.alive(call.world, "linkedin", name) for name in listed(call.request, "ids")]
        return Answer({"results": {row["id"]: shown(call, row) for row in found if row is not None}})
    if call.request.arg("q") != "author":
        raise bad("Invalid query parameters passed to request")
    page = page_of(call, call.request.arg("author"))
    rows, paging = portion(call, things.listed(call, "p.account = ? AND p.kind = 'post'", page["id"]))
    return Answer({"elements": [shown(call, row) for row in rows], "paging": paging})


@ROUTES.on("GET", R + "/posts/{name}", "post")
def one(call: Call, name: str) -> Answer:
    row = thing(call, name)
    if row["account"] not in pages(call) and not _names(call, row):
        raise Refuse(refusal("forbidden", call))
    return Answer(shown(call, row))


def shown(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A post as LinkedIn hands it out: its words as little text again."""
    author = call.world.account(row["account"])
    assert author is not None
    told = extra(row)
    created, changed = int(row["created_at"] * 1000), int((row["edited_at"] or row["created_at"]) * 1000)
    little = told.get("little") if not row["edited_at"] else None
    found = {
        "id": row["id"], "author": urn_of(author), "createdAt": created, "publishedAt": created,
        "lastModifiedAt": changed, "lifecycleStateInfo": {"isEditedByAuthor": bool(row["edited_at"])},
        "commentary": little if little and not told.get("cut") else escaped(row["text"]), **FIXED,
    }  # fmt: skip
    return found | ({"content": told["content"]} if told.get("content") else {})


def escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in li_text.RESERVED else sign for sign in text)


def _own(call: Call, name: str) -> sqlite3.Row:
    row = thing(call, name)
    if row["account"] not in pages(call):
        raise Refuse(refusal("forbidden", call))
    return row


def _names(call: Call, row: sqlite3.Row) -> bool:
    return any(one["id"] in pages(call) for one in things.mentions_of(call.world, row["id"]))
