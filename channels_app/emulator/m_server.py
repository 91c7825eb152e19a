"""Mastodon's API: media, the server's own description, apps and tokens."""

import secrets
from typing import Any

from . import m_show, media, moving
from .mastodon import MOST_ALT, MOST_BYTES, MOST_PICTURES, MOST_TEXT, ROUTES, refuse
from .wire import Answer
from .world import Call


def _upload(call: Call) -> Answer:
    file = call.request.files.get("file")
    picture = (media.measure(file.data) or moving.measure(file.data)) if file else None
    alt = call.request.arg("description")
    if file is None or picture is None or len(file.data) > MOST_BYTES or len(alt) > MOST_ALT:
        raise refuse(call, 422, "file")
    row = media.keep(call, file.data, picture, alt)
    status = 200 if media.state_of(row, call.now) == "ready" else 202
    return Answer(m_show.attachment(call, row), status, committed=row["id"])


@ROUTES.on("POST", "/api/v2/media", "media")
def upload(call: Call) -> Answer:
    """A picture; 202 while it is processed."""
    return _upload(call)


@ROUTES.on("GET", "/api/v1/media/{name}", "media_status")
def media_status(call: Call, name: str) -> Answer:
    row = media.mine(call, name)
    if row is None:
        raise refuse(call, 404, "gone")
    state = media.state_of(row, call.now)
    if state == "failed":
        raise refuse(call, 422, "failed")
    return Answer(m_show.attachment(call, row), 206 if state == "pending" else 200)


@ROUTES.on("PUT", "/api/v1/media/{name}", "alt_text")
def describe(call: Call, name: str) -> Answer:
    if not call.store.update("media", {"id": name, "account": call.me["id"]}, alt=call.request.arg("description")):
        raise refuse(call, 404, "gone")
    return media_status(call, name)


def _limits() -> dict[str, Any]:
    return {
        "statuses": {"max_characters": MOST_TEXT, "max_media_attachments": MOST_PICTURES,
        "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": list(media.MIMES.values()), "image_size_limit": MOST_BYTES,
            "image_matrix_limit": 33177600,
            "video_size_limit": 103809024, "video_frame_rate_limit": 120, "video_matrix_limit": 8294400,
            "description_limit": MOST_ALT,
        },
        "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
    }  # fmt: skip


def _server(call: Call) -> dict[str, Any]:
    host = call.notes["host"]
    return {"title": host.partition(".")[0].title(), "version": call.world.rule("mastodon_version"),
            "description": "A small server for the town and its neighbours.", "languages": ["en"]}  # fmt: skip


@ROUTES.on("GET", "/api/v2/instance", "instance")
def instance(call: Call) -> Answer:
    host = call.notes["host"]
    return Answer(_server(call) | {
        "domain": host, "source_url": "https://github.com/mastodon/mastodon", "configuration": _limits() | {
            "urls": {"streaming": f"wss://{host}"}, "translation": {"enabled": False}},
        "usage": {"users": {"active_month": 412}}, "thumbnail": {"url": f"https://{host}/thumbnail.png"},
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "api_versions": {"mastodon": 8}, "contact": {"email": f"help@{host}", "account": None}, "rules": [],
    })  # fmt: skip


@ROUTES.on("GET", "/api/v1/instance", "instance")
def instance_v1(call: Call) -> Answer:
    host = call.notes["host"]
    return Answer(_server(call) | {
        "uri": host, "short_description": "", "email": f"help@{host}", "urls": {"streaming_api": f"wss://{host}"},
        "stats": {"user_count": 1204, "status_count": 48210, "domain_count": 3110}, "thumbnail": None,
        "registrations": False, "approval_required": False, "invites_enabled": False, "configuration": _limits(),
        "contact_account": None, "rules": [],
    })  # fmt: skip


@ROUTES.on("POST", "/api/v1/apps", "app")
def register(call: Call) -> Answer:
    name, scopes = call.request.arg("client_name"), call.request.arg("scopes", "read")
    client, secret = f"practice-app-{secrets.token_urlsafe(12)}", secrets.token_urlsafe(24)
    call.store.insert("tokens", token=client, account="", kind="app", scopes=scopes, issued_at=call.now,
                      secret=f"{secret} {call.request.arg('redirect_uris')}")  # fmt: skip
    redirect = call.request.arg("redirect_uris")
    shown = {"id": "1", "name": name, "website": None, "scopes": scopes.split(), "redirect_uris": [redirect]}
    return Answer(shown | {"redirect_uri": redirect, "client_id": client, "client_secret": secret, "vapid_key": ""})


@ROUTES.on("GET", "/api/v1/apps/verify_credentials", "app")
def verify_app(call: Call) -> Answer:
    """Which scopes the token has."""
    if call.token is None or call.token["state"] != "ok":
        raise refuse(call, 401, "invalid")
    shown = {"id": "1", "name": "Parley", "website": None, "redirect_uris": [], "scopes": call.token["scopes"].split()}
    return Answer(shown | {"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"})
