"""X, Facebook and Mastodon: codes for keys, short keys for long ones, new keys for old ones, and taking them back."""

from . import codes
from .facebook import ROUTES as FACEBOOK
from .facebook import V, error
from .mastodon import ROUTES as MASTODON
from .wire import Answer, Refuse
from .world import DAY, Call
from .x import ROUTES as X

HOUR = 3600.0
X_SAID = {
    "redirect": "Value passed for the redirect uri did not match the uri of the authorization code.",
    "proof": "Value passed for the code verifier did not match the code challenge.",
    "used": "Value passed for the authorization code was invalid.",
    "expired": "Value passed for the authorization code was invalid.",
}
FACEBOOK_SAID = {
    "grant": "Invalid verification code format: the authorization code cannot be read.",
    "used": "This authorization code has been used.",
    "expired": "This authorization code has expired.",
    "redirect": "Error validating verification code. Please make sure your redirect_uri is identical to the one you "
    "used in the OAuth dialog request",
}


@X.on("POST", "/2/oauth2/token", "token")
def x_token(call: Call) -> Answer:
    """Exchange a refresh token or a code; a refresh token works once."""
    try:
        if call.request.arg("grant_type") == "authorization_code":
            old = codes.spend(call, "x")
        else:
            if call.request.headers.get("Authorization", "").lower().startswith("basic"):
                codes.client(call, "x")
            row = call.world.token(call.request.arg("refresh_token"))
            if row is None or row["kind"] != "refresh" or row["state"] != "ok":
                raise codes.Wrong("grant")
            old = row
    except codes.Wrong as wrong:
        raise Refuse(_x_refused(wrong.why)) from None
    call.store.update("tokens", {"token": old["token"]}, state="revoked")
    seconds = call.world.rule("token_seconds")
    access = call.world.create_token(old["account"], "x", call.now, scopes=old["scopes"], expires_at=call.now + seconds)
    shown = {"token_type": "bearer", "expires_in": seconds, "access_token": access, "scope": old["scopes"]}
    if "offline.access" in old["scopes"].split():
        made = call.world.create_token(old["account"], "x", call.now, kind="refresh", scopes=old["scopes"])
        shown["refresh_token"] = made
    return Answer(shown, committed=old["account"])


def _x_refused(why: str) -> Answer:
    if why == "client":
        return Answer({"error": "unauthorized_client", "error_description": "Missing valid authorization header"}, 401)
    words = X_SAID.get(why, "Value passed for the token was invalid.")
    return Answer({"error": "invalid_request", "error_description": words}, 400)


@X.on("POST", "/2/oauth2/revoke", "token")
def x_revoke(call: Call) -> Answer:
    try:
        codes.client(call, "x")
    except codes.Wrong:
        raise Refuse(_x_refused("client")) from None
    call.store.update("tokens", {"token": call.request.arg("token")}, state="revoked")
    return Answer({"revoked": True})


@FACEBOOK.on("GET", V + "/oauth/access_token", "token")
def facebook_token(call: Call) -> Answer:
    """A code for a key of some hours, or that for one of sixty days."""
    held = call.request.arg("fb_exchange_token")
    try:
        old = call.world.token(held) if held else codes.spend(call, "facebook")
        if held and old is not None and old["secret"]:
            codes.client(call, "facebook")
    except codes.Wrong as wrong:
        raise Refuse(_facebook_refused(wrong.why)) from None
    if old is None or old["kind"] not in {"user", "code"} or (held and old["state"] != "ok"):
        raise Refuse(error(190, "Invalid OAuth access token - Cannot parse access token", status=401))
    seconds = 60 * DAY if held else 2 * HOUR
    asked = {"secret": "dialog"} if old["secret"] else {}
    made = call.world.create_token(
        old["account"], "facebook", call.now, scopes=old["scopes"], expires_at=call.now + seconds, **asked
    )
    return Answer({"access_token": made, "token_type": "bearer", "expires_in": int(seconds)}, committed=old["account"])


def _facebook_refused(why: str) -> Answer:
    if why == "client":
        return error(1, "Error validating client secret.")
    return error(100, FACEBOOK_SAID.get(why, FACEBOOK_SAID["grant"]))


@FACEBOOK.on("GET", V + "/me/permissions", "permissions")
def permissions(call: Call) -> Answer:
    """What this person allowed the app."""
    assert call.token is not None
    return Answer({"data": [{"permission": one, "status": "granted"} for one in call.token["scopes"].split()]})


@FACEBOOK.on("DELETE", V + "/me/permissions", "permissions")
def drop_permissions(call: Call) -> Answer:
    """The person's permission ends, and with it every Page key that came of it."""
    call.store.update("tokens", {"account": call.me["id"], "kind": "user"}, state="revoked")
    call.store.update("tokens", {"secret": f"of {call.me['id']}"}, state="revoked")
    return Answer({"success": True}, committed=call.me["id"])


@MASTODON.on("POST", "/oauth/token", "token")
def mastodon_token(call: Call) -> Answer:
    """A key for a code; it has no end."""
    try:
        app = codes.client(call, "mastodon")
        old = codes.spend(call, "mastodon")
    except codes.Wrong as wrong:
        return _mastodon_refused(wrong.why)
    more = {"scopes": old["scopes"], "secret": f"of {app}"}
    made = call.world.create_token(old["account"], "mastodon", call.now, **more)
    shown = {"access_token": made, "token_type": "Bearer", "scope": old["scopes"], "created_at": int(call.now)}
    return Answer(shown, committed=old["account"])


def _mastodon_refused(why: str) -> Answer:
    if why == "client":
        text = "Client authentication failed due to unknown client, or no client authentication included."
        return Answer({"error": "invalid_client", "error_description": text}, 401)
    text = "The provided authorization grant is invalid, expired, revoked, or was issued to another client."
    return Answer({"error": "invalid_grant", "error_description": text}, 400)


@MASTODON.on("POST", "/oauth/revoke", "token")
def mastodon_revoke(call: Call) -> Answer:
    """Only the app that a key was given to may end it."""
    row = call.world.token(call.request.arg("token"))
    try:
        app = codes.client(call, "mastodon")
    except codes.Wrong as wrong:
        return _mastodon_refused(wrong.why)
    if row is not None and row["secret"] and row["secret"] != f"of {app}":  # its words are not verified
        text = "You are not authorized to revoke this token"
        return Answer({"error": "unauthorized_client", "error_description": text}, 403)
    call.store.update("tokens", {"token": call.request.arg("token")}, state="revoked")
    return Answer({})
