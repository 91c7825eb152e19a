"""The servers people sign in at that are no platform's own API: LinkedIn, Google, Pinterest and Vimeo.

X, Facebook and Mastodon exchange keys on the servers of their own dialects. What Pinterest and Vimeo say when they
refuse is not verified; what an exchange gives is as their papers have it.
"""

import base64
import json
import sqlite3

from . import codes
from .dialect import Dialect
from .wire import Answer, Refuse, Request, Routes
from .world import DAY, Call, World, extra

ROUTES = Routes()
PLATFORMS = {
    "www.linkedin.example": "linkedin", "api.linkedin.example": "linkedin",
    "accounts.google.example": "youtube", "oauth2.googleapis.example": "youtube",
    "www.pinterest.example": "pinterest", "api.pinterest.example": "pinterest", "api.vimeo.example": "vimeo",
}  # fmt: skip
HOUR = 3600.0
# How long keys last and refresh tokens too; 0: there is none.
LIFE = {
    "linkedin": (60 * DAY, 365 * DAY),
    "youtube": (HOUR, 0.0),
    "pinterest": (30 * DAY, 60 * DAY),
    "vimeo": (0.0, 0.0),
}
REFRESHES = {"linkedin", "youtube", "pinterest"}
SAID = {
    "linkedin": "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. "
    "Or authorization code expired. Or external member binding exists",
    "youtube": "Bad Request",
    "pinterest": "Invalid authorization code",
    "vimeo": "The authorization code is invalid",
}


def wanted(request: Request) -> bool:
    """A call to one of these servers that has to do with signing in."""
    return request.host.partition(":")[0] in PLATFORMS and ROUTES.find(request) is not None


def platform_of(call: Call) -> str:
    return PLATFORMS[call.request.host.partition(":")[0]]


def identify(call: Call, route: str) -> None:
    """Whose key it is, where one is shown at all."""
    row = call.world.token(call.request.bearer)
    if route != "token" and (row is None or row["state"] != "ok"):
        raise Refuse(Answer({"message": "The token used in the request has been revoked", "status": 401}, 401))
    call.token, call.account = row, row and call.world.account(row["account"])


def refusal(kind: str, call: Call) -> Answer:
    return Answer({"error": "temporarily_unavailable" if kind == "rate_limited" else "access_denied"},
                  429 if kind == "rate_limited" else 403)  # fmt: skip


DIALECT = Dialect("doors", ROUTES, identify, lambda call, route: {}, refusal, lambda request: Answer({}, 404))


def _wrong(platform: str, why: str) -> Answer:
    if why == "client":
        words = "Authentication failed." if platform == "pinterest" else "Client authentication failed"
        return Answer({"error": "invalid_client", "error_description": words}, 401)
    if platform == "youtube" and why == "redirect":
        return Answer({"error": "redirect_uri_mismatch", "error_description": "Bad Request"}, 400)
    if platform == "pinterest":
        return Answer({"code": 283, "message": SAID[platform]}, 400)
    kind = "invalid_request" if platform == "linkedin" else "invalid_grant"
    return Answer({"error": kind, "error_description": SAID[platform]}, 400)


def _exchanged(call: Call) -> Answer:
    platform = platform_of(call)
    try:
        codes.client(call, platform)
        again = call.request.arg("grant_type") == "refresh_token"
        row = _held(call) if again else codes.spend(call, platform)
    except codes.Wrong as problem:
        return _wrong(platform, problem.why)
    seconds, longer = LIFE[platform]
    made = codes.token(call, row["account"], f"{row['scopes']} {_short(row['scopes'])}".strip(), seconds)
    shown = {"access_token": made, "token_type": "bearer", "scope": row["scopes"]}
    if "openid" in row["scopes"].split() and not again:
        told = base64.urlsafe_b64encode(json.dumps({"sub": row["account"]}).encode()).decode().rstrip("=")
        shown["id_token"] = f"e30.{told}.c2ln"
    if seconds:
        shown["expires_in"] = int(seconds)
    kept = again and platform == "youtube"  # Google's is told once and stays
    if platform in REFRESHES and not kept and (platform != "linkedin" or call.world.rule("refresh_tokens")):
        ends = (
            (row["expires_at"] - call.now) if again and platform == "linkedin" else longer
        )  # LinkedIn's stays as long
        shown["refresh_token"] = codes.token(call, row["account"], row["scopes"], ends, "refresh")
        shown["refresh_token_expires_in"] = int(ends)
    return Answer(shown, committed=row["account"])


def _short(scopes: str) -> str:
    """Google's scopes are addresses; their last words are what its servers look for."""
    return " ".join(one.rpartition("/")[2] for one in scopes.split() if "/auth/" in one)


def _held(call: Call) -> sqlite3.Row:
    row = call.world.token(call.request.arg("refresh_token"))
    if row is None or row["kind"] != "refresh" or row["state"] != "ok" or (row["expires_at"] or call.now) < call.now:
        raise codes.Wrong("grant")
    return row


for _path in ("/oauth/v2/accessToken", "/token", "/v5/oauth/token", "/oauth/access_token"):
    ROUTES.on("POST", _path, "token")(_exchanged)


def _revoked(call: Call) -> Answer:
    given = call.request.arg("token")
    row = call.world.token(given)
    if row is None or row["state"] != "ok":
        return Answer({"error": "invalid_token", "error_description": "Token expired or revoked"}, 400)
    if platform_of(call) == "youtube":  # Google takes back the whole permission
        call.store.run(
            "UPDATE tokens SET state = 'revoked' WHERE account = ? AND kind IN ('user', 'refresh')", row["account"]
        )
    call.store.update("tokens", {"token": given}, state="revoked")
    return Answer({})


for _path in ("/oauth/v2/revoke", "/revoke"):
    ROUTES.on("POST", _path, "token")(_revoked)


@ROUTES.on("DELETE", "/tokens", "revoke")
def drop(call: Call) -> Answer:
    """Vimeo: the key that asks is the key that ends."""
    call.store.update("tokens", {"token": call.request.bearer}, state="revoked")
    return Answer(b"", 204)


@ROUTES.on("GET", "/rest/organizationAcls", "roles")
def roles(call: Call) -> Answer:
    """LinkedIn: the pages a member has a role on."""
    me, shown = call.me, []
    for name in [me["id"]] if me["kind"] == "ours" else extra(me).get("pages", []):
        row = call.world.account(name)
        role = "ANALYST" if row is None or row["state"] == "no_role" else "ADMINISTRATOR"
        shown.append({"role": role, "state": "APPROVED", "organization": f"urn:li:organization:{name}"})
    return Answer({"elements": shown, "paging": {"start": 0, "count": 10, "links": []}})


@ROUTES.on("GET", "/rest/organizations/{name}", "roles")
def organization(call: Call, name: str) -> Answer:
    row = call.world.account(name)
    if row is None:
        return Answer({"message": "Entity not found", "status": 404}, 404)
    return Answer({"id": int(name), "localizedName": row["name"], "vanityName": row["handle"]})


def found(world: World, platform: str, host: str, now: float) -> None:
    """Somebody to sign in as on a platform the town is not on yet; on LinkedIn a person with two pages."""
    if platform != "linkedin":
        world.create_account(platform, "fernhill", now, name="Town of Fernhill", host=host)
        return
    pages = [
        world.create_account(platform, handle, now, name=name, host=host)["id"]
        for handle, name in (("fernhill", "Town of Fernhill"), ("fernhill-library", "Fernhill Library"))
    ]
    more = {"name": "Fernhill web team", "kind": "manager", "host": host, "extra": {"pages": pages}}
    world.create_account(platform, "webteam", now, **more)
