"""The pages on which a person lets Parley in, for a browser on this machine.

A platform's page at `https://HOST/PATH` is `/_web/HOST/PATH` here. The person chooses who they are, unticks what Parley
shall not do, and allows or denies it; then their browser is sent back with a code.
"""

import re
import sqlite3
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from . import codes, doors
from .pages import FOOT, HEAD
from .wire import Answer, Request

if TYPE_CHECKING:
    from .answering import Emulator

PATH = re.compile(r"/_web/(?P<host>[a-z0-9.-]+)(?P<path>/.*)\Z")
NAMES = {
    "x": "X", "facebook": "Facebook", "instagram": "Facebook", "mastodon": "Mastodon", "linkedin": "LinkedIn",
    "youtube": "Google", "pinterest": "Pinterest", "vimeo": "Vimeo",
}  # fmt: skip
DENIED = {"linkedin": "user_cancelled_authorize"}
LOCAL = {"127.0.0.1", "localhost"}


class Refused(Exception):
    """The platform shows an error of its own and sends nobody anywhere."""


def wanted(request: Request) -> bool:
    local = request.host.partition(":")[0] in LOCAL
    return local and bool(PATH.match(request.path))


def answer(emulator: "Emulator", request: Request) -> Answer:
    """The page, or what came of its buttons."""
    hit = PATH.match(request.path)
    assert hit is not None
    host = hit["host"]
    platform = platform_of(host)
    world = emulator.world
    with world.store.transaction():
        try:
            _checked(emulator, request, platform)
            if request.method == "POST":
                return _sent_back(emulator, request, platform, host)
        except Refused as problem:
            return _page(f"{NAMES[platform]}: something went wrong", f"<p>{escape(str(problem))}</p>", 400)
        return _page(f"Let Parley into {NAMES[platform]}?", _form(emulator, request, platform, host))


def platform_of(host: str) -> str:
    if host in doors.PLATFORMS:
        return doors.PLATFORMS[host]
    return {"x.example": "x", "www.facebook.example": "facebook"}.get(host, "mastodon")


def _checked(emulator: "Emulator", request: Request, platform: str) -> None:
    app = codes.app_of(emulator.world, platform, request.arg("client_id"))
    redirect = request.arg("redirect_uri")
    if app is None:
        raise Refused("There is no app with this client ID.")
    if urlsplit(redirect).hostname not in LOCAL or app["redirect"] not in {"", redirect}:
        raise Refused("The address to come back to is not one the app has registered.")
    if request.arg("response_type") != "code":
        raise Refused("Only a code can be asked for.")


def _people(emulator: "Emulator", platform: str, host: str) -> list[sqlite3.Row]:
    """Who may sign in here: on Facebook and LinkedIn people, where there are any; elsewhere the accounts themselves."""
    rows = _found(emulator, platform, host)
    if not rows and platform in doors.LIFE:
        doors.found(emulator.world, platform, host, emulator.world.clock.now())
        rows = _found(emulator, platform, host)
    return rows


def _found(emulator: "Emulator", platform: str, host: str) -> list[sqlite3.Row]:
    at = host if platform == "mastodon" else ""
    rows = emulator.world.store.rows(
        "SELECT * FROM accounts WHERE platform = ? AND kind IN ('ours', 'manager') AND (? = '' OR host = ?) "
        "ORDER BY created_at, name",
        platform, at, at,
    )  # fmt: skip
    people = [row for row in rows if row["kind"] == "manager"]
    return people if people or platform == "facebook" else rows


def _form(emulator: "Emulator", request: Request, platform: str, host: str) -> str:
    people = "".join(
        f'<p><label><input type="radio" name="as" value="{row["id"]}"{" checked" if not at else ""}> '
        f"{escape(row['name'])} ({escape(row['handle'])})</label></p>"
        for at, row in enumerate(_people(emulator, platform, host))
    )
    ticks = "".join(
        f'<p><label><input type="checkbox" name="allowed" value="{escape(one, quote=True)}" checked> '
        f"{escape(one)}</label></p>"
        for one in request.arg("scope").replace(",", " ").split()
    )
    return (
        f'<p>This is a practice page of {escape(host)}.</p><form method="post" '
        f'action="{escape(request.path, quote=True)}?{escape(request.query, quote=True)}">'
        f"<fieldset><legend>Sign in as</legend>{people}</fieldset>"
        f"<fieldset><legend>Parley wants to</legend>{ticks}</fieldset>"
        '<p><button name="answer" value="allow">Allow</button> '
        '<button name="answer" value="deny">Deny</button></p></form>'
    )


def _sent_back(emulator: "Emulator", request: Request, platform: str, host: str) -> Answer:
    """Back to Parley, with a code or with the word that it was denied."""
    back = request.arg("redirect_uri")
    if request.arg("answer") != "allow":
        given = {"error": DENIED.get(platform, "access_denied"), "error_description": "The user denied the request"}
    else:
        people = {row["id"] for row in _people(emulator, platform, host)}
        if request.arg("as") not in people:
            raise Refused("Choose who you are.")
        asked = request.arg("scope").replace(",", " ").split()
        allowed = [one for one in asked if one in request.many("allowed")]
        bound = {"client": request.arg("client_id"), "redirect": back, "challenge": request.arg("code_challenge")}
        now = emulator.world.clock.now()
        given = {"code": codes.issue(emulator.world, now, request.arg("as"), platform, " ".join(allowed), bound)}
    where = f"{back}?{urlencode(given | {'state': request.arg('state')})}"
    return Answer(b"", 302, {"Location": where + ("#_=_" if platform == "facebook" else "")})


def _page(title: str, body: str, status: int = 200) -> Answer:
    whole = HEAD.format(title=escape(title)) + body + FOOT
    return Answer(whole.encode(), status, {"Content-Type": "text/html; charset=utf-8"})
