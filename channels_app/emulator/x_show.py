"""How X hands out posts, users and media: only the fields that were asked for."""

import sqlite3
from typing import Any

from . import moving, reach, things, x_text
from .clock import iso
from .wire import Answer, Request
from .world import DAY, Call, World, extra

PRIVATE_DAYS = 30
NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"
NOT_YOURS = "https://api.twitter.com/2/problems/not-authorized-for-field"


def wanted(request: Request, what: str) -> set[str]:
    """Field names asked for, under today's or tomorrow's parameter name."""
    names = {f"{what}.fields"} | ({"post.fields"} if what == "tweet" else set())
    return {field for name in names for field in request.many(name)}


def text_of(world: World, post: sqlite3.Row) -> tuple[str, list[dict[str, Any]]]:
    """The text as the API shows it and its links.

    A reply opens with the name of the person it answers, as X puts it there by itself, and pictures close the text
    with a link of their own.
    """
    text, known = post["text"], list(extra(post).get("urls") or x_text.links(post["text"]))
    parent = post["parent"] and things.find(world, post["parent"])
    author = parent and world.account(parent["account"])
    if author and author["id"] != post["account"] and f"@{author['handle']}".lower() not in text.lower():
        text = f"@{author['handle']} {text}"
    pictures = things.media_of(world, post["id"])
    if pictures:
        owner = world.account(post["account"])
        what = "video" if moving.is_video(pictures[0]) else "photo"
        page = f"https://x.com/{owner['handle'] if owner else 'i'}/status/{post['id']}/{what}/1"
        link = x_text.short_link(page) | {"display_url": f"pic.x.com/{post['id'][-10:]}", "raw": page}
        text, known = f"{text} {page}".strip(), [*known, link]
    shown, entities = x_text.handed_out(text, known)
    if pictures:
        entities[-1]["media_key"] = media_key(pictures[0])
    return shown, entities


def tweet(call: Call, post: sqlite3.Row, fields: set[str], errors: list[dict[str, Any]]) -> dict[str, Any]:
    """One post with `fields`; numbers it may not show are left out and explained in `errors`."""
    text, urls = text_of(call.world, post)
    shown: dict[str, Any] = {"id": post["id"], "text": text, "edit_history_tweet_ids": [post["id"]]}
    every: dict[str, Any] = {
        "author_id": post["account"], "conversation_id": post["root"], "created_at": iso(post["created_at"]),
        "lang": post["lang"], "reply_settings": "everyone", "possibly_sensitive": False,
    }  # fmt: skip
    parent = post["parent"] and things.find(call.world, post["parent"])
    if parent:
        every["in_reply_to_user_id"] = parent["account"]
        every["referenced_tweets"] = [{"type": "replied_to", "id": parent["id"]}]
    pictures = things.media_of(call.world, post["id"])
    if pictures:
        every["attachments"] = {"media_keys": [media_key(one) for one in pictures]}
    if extra(post).get("poll"):
        every["attachments"] = {"poll_ids": [f"7{post['id']}"]}
    entities = _entities(call.world, post, text, urls)
    if entities:
        every["entities"] = entities
    if fields & {"public_metrics", "non_public_metrics", "organic_metrics"}:
        every |= _numbers(call, post, fields, errors)
    return shown | {name: value for name, value in every.items() if name in fields}


def _entities(world: World, post: sqlite3.Row, text: str, urls: list[dict[str, Any]]) -> dict[str, Any]:
    mentions = []
    for account in things.mentions_of(world, post["id"]):
        start = text.lower().find(f"@{account['handle']}".lower())
        if start >= 0:
            end = start + len(account["handle"]) + 1
            mentions.append({"start": start, "end": end, "username": account["handle"], "id": account["id"]})
    return {name: found for name, found in (("urls", urls), ("mentions", mentions)) if found}


def _numbers(call: Call, post: sqlite3.Row, fields: set[str], errors: list[dict[str, Any]]) -> dict[str, Any]:
    seen = reach.at(call.world, post, call.now)
    replies = things.count_replies(call.world, post["id"])
    public = {
        "retweet_count": seen["shares"], "reply_count": replies, "like_count": seen["likes"],
        "quote_count": seen["quotes"], "bookmark_count": seen["bookmarks"], "impression_count": seen["impressions"],
    }  # fmt: skip
    visits = seen["clicks"] // 3
    acts = seen["likes"] + seen["shares"] + seen["quotes"] + seen["clicks"] + replies + visits
    own = {
        "impression_count": seen["impressions"],
        "user_profile_clicks": visits,
        "url_link_clicks": seen["clicks"],
        "engagements": acts,
    }
    organic = {**{k: public[k] for k in ("impression_count", "like_count", "reply_count", "retweet_count")}, **own}
    organic.pop("engagements")
    found: dict[str, Any] = {"public_metrics": public, "non_public_metrics": own, "organic_metrics": organic}
    mine = post["account"] == call.me["id"] and post["created_at"] > call.now - PRIVATE_DAYS * DAY
    for name in ({"non_public_metrics", "organic_metrics"} & fields) if not mine else ():
        found.pop(name)
        detail = f"Sorry, you are not authorized to access '{name}' on the Tweet with id : [{post['id']}]."
        errors.append({
            "title": "Field Authorization Error", "detail": detail, "section": "data", "resource_type": "tweet",
            "resource_id": post["id"], "parameter": name, "value": post["id"], "type": NOT_YOURS,
        })  # fmt: skip
    return found


def user(account: sqlite3.Row, fields: set[str], call: Call) -> dict[str, Any]:
    posts = call.store.one("SELECT count(*) AS n FROM posts WHERE account = ? AND deleted_at IS NULL", account["id"])
    every = {
        "created_at": iso(account["created_at"]), "description": account["bio"], "protected": False, "verified": False,
        "profile_image_url": f"https://pbs.twimg.com/profile_images/{account['id']}/normal.png",
        "public_metrics": {
            "followers_count": reach.followers(account, call.now), "following_count": account["following"],
            "tweet_count": posts["n"] if posts else 0, "listed_count": account["followers"] // 180,
        },
    }  # fmt: skip
    named = {"id": account["id"], "name": account["name"], "username": account["handle"]}
    return named | {name: value for name, value in every.items() if name in fields}


def media_key(row: sqlite3.Row) -> str:
    """The key of an upload; that of a video begins with another number."""
    return f"{7 if moving.is_video(row) else 3}_{row['id']}"


def picture(row: sqlite3.Row, fields: set[str]) -> dict[str, Any]:
    every = {
        "url": f"https://pbs.twimg.com/media/{row['id']}.{row['mime'].partition('/')[2]}", "width": row["width"],
        "height": row["height"], **({"alt_text": row["alt"]} if row["alt"] else {}),
    }  # fmt: skip
    shown = {"media_key": media_key(row), "type": "video" if moving.is_video(row) else "photo"}
    if moving.is_video(row):
        del every["url"]
    return shown | {name: value for name, value in every.items() if name in fields}


def poll(post: sqlite3.Row) -> dict[str, Any]:
    options = enumerate(extra(post)["poll"]["options"], 1)
    return {"id": f"7{post['id']}", "options": [{"position": n, "label": one, "votes": 0} for n, one in options]}


def page(call: Call, posts: list[sqlite3.Row], errors: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """`data`, `includes` and `errors` for a list of posts."""
    request, problems = call.request, list(errors or [])
    expansions = set(request.many("expansions"))
    body: dict[str, Any] = {"data": [tweet(call, post, wanted(request, "tweet"), problems) for post in posts]}
    includes: dict[str, list[dict[str, Any]]] = {}
    people = {post["account"] for post in posts} if "author_id" in expansions else set()
    parents = [row for post in posts if post["parent"] and (row := things.alive(call.world, "x", post["parent"]))]
    if "in_reply_to_user_id" in expansions:
        people |= {row["account"] for row in parents}
    accounts = [row for one in sorted(people) if (row := call.world.account(one))]
    includes["users"] = [user(row, wanted(request, "user"), call) for row in accounts]
    if "referenced_tweets.id" in expansions:
        rows = {row["id"]: row for row in parents}.values()
        includes["tweets"] = [tweet(call, row, wanted(request, "tweet"), problems) for row in rows]
    if "attachments.media_keys" in expansions:
        media = [one for post in posts for one in things.media_of(call.world, post["id"])]
        includes["media"] = [picture(one, wanted(request, "media")) for one in media]
    if "attachments.poll_ids" in expansions:
        includes["polls"] = [poll(post) for post in posts if extra(post).get("poll")]
    shown = {name: found for name, found in includes.items() if found}
    return body | ({"includes": shown} if shown else {}) | ({"errors": problems} if problems else {})


def missing(post: str, parameter: str = "ids") -> dict[str, Any]:
    return {
        "value": post, "detail": f"Could not find tweet with {parameter}: [{post}].", "title": "Not Found Error",
        "resource_type": "tweet", "parameter": parameter, "resource_id": post, "type": NOT_FOUND,
    }  # fmt: skip


def missing_alone(post: str) -> Answer:
    return Answer(
        {
            "title": "Not Found Error",
            "detail": f"Could not find tweet with id: [{post}].",
            "type": NOT_FOUND,
            "status": 404,
        },
        404,
    )
