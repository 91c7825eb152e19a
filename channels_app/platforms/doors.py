"""The doors of the platforms: where each lets people in, and what Parley asks for there.

Bluesky and WordPress give out passwords for single apps, feeds and channels by hand need nothing: they have no door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from channels_app.platforms import doors_meta, doors_other, oauth
from channels_app.platforms.base import Account, Renewed
from channels_app.platforms.doors_meta import GRAPH
from channels_app.platforms.graph import VERSION
from channels_app.platforms.oauth import Door, Scope

DIALOG = f"https://www.facebook.com/{VERSION}/dialog/oauth"
PAGES = (
    Scope("pages_show_list", "see which Pages you manage"),
    Scope("pages_read_engagement", "read the Page's own posts and its name"),
    Scope("pages_read_user_content", "read what residents write there", needed=False),
)

TOLD = Scope("pages_manage_metadata", "be told at once when somebody writes", needed=False)

X = Door(
    platform="x",
    renews=True,
    authorize="https://x.com/i/oauth2/authorize",
    token="https://api.x.com/2/oauth2/token",  # noqa: S106
    pkce=True,
    basic=True,
    rotates=True,
    take_back=doors_other.take_back_x,
    scopes=(
        Scope("tweet.read", "read posts and answers"),
        Scope("users.read", "see whose account it is"),
        Scope("tweet.write", "publish posts and answers"),
        Scope("media.write", "publish pictures", needed=False),
        Scope("tweet.moderate.write", "hide answers under the town's posts", needed=False),
        Scope("dm.read", "read private messages", needed=False),
        Scope("dm.write", "answer private messages", needed=False),
        Scope("offline.access", "stay connected for longer than two hours"),
    ),
)
FACEBOOK = Door(
    platform="facebook",
    authorize=DIALOG,
    token=f"{GRAPH}/oauth/access_token",
    by_get=True,
    separator=",",
    shared=True,
    then=doors_meta.lasting,
    choose=doors_meta.pages,
    take_back=doors_meta.take_back,
    scopes=(
        *PAGES,
        Scope("pages_manage_posts", "publish posts"),
        Scope("pages_manage_engagement", "answer, like and hide comments", needed=False),
        Scope("pages_messaging", "read and answer private messages", needed=False),
        TOLD,
        Scope("read_insights", "read the Page's numbers", needed=False),
    ),
)
INSTAGRAM = Door(
    platform="instagram",
    app="facebook",
    authorize=DIALOG,
    token=f"{GRAPH}/oauth/access_token",
    by_get=True,
    separator=",",
    shared=True,
    then=doors_meta.lasting,
    choose=doors_meta.instagram_accounts,
    take_back=doors_meta.take_back,
    scopes=(
        *PAGES[:2],
        Scope("instagram_basic", "see the account and its posts"),
        Scope("instagram_content_publish", "publish posts"),
        Scope("instagram_manage_comments", "read, answer and hide comments", needed=False),
        Scope("instagram_manage_messages", "answer people in private", needed=False),
        TOLD,
        Scope("instagram_manage_insights", "read the account's numbers", needed=False),
    ),
)
LINKEDIN = Door(
    platform="linkedin",
    renews=True,
    authorize="https://www.linkedin.com/oauth/v2/authorization",
    token="https://www.linkedin.com/oauth/v2/accessToken",  # noqa: S106
    choose=doors_other.linkedin_pages,
    take_back=doors_other.take_back_linkedin,
    scopes=(
        Scope("rw_organization_admin", "see which pages you manage, and their numbers"),
        Scope("w_organization_social", "publish posts and answers", or_=("w_organization_social_feed",)),
        Scope("r_organization_social", "read posts and comments", or_=("r_organization_social_feed",)),
    ),
)
YOUTUBE = Door(
    platform="youtube",
    renews=True,
    authorize="https://accounts.google.com/o/oauth2/v2/auth",
    token="https://oauth2.googleapis.com/token",  # noqa: S106
    pkce=True,
    shared=True,
    also="openid",
    extra={"access_type": "offline", "prompt": "consent"},
    take_back=doors_other.take_back_google,
    by_key=True,
    scopes=(
        Scope("https://www.googleapis.com/auth/youtube.readonly", "see the channel and its videos"),
        Scope("https://www.googleapis.com/auth/youtube.upload", "publish videos"),
        Scope("https://www.googleapis.com/auth/youtube.force-ssl", "read, answer and hide comments"),
        Scope("https://www.googleapis.com/auth/yt-analytics.readonly", "read the channel's numbers", needed=False),
    ),
)
# Pinterest offers no address to take a permission back at that could be found; PKCE is not told of either.
PINTEREST = Door(
    platform="pinterest",
    renews=True,
    authorize="https://www.pinterest.com/oauth/",
    token="https://api.pinterest.com/v5/oauth/token",  # noqa: S106
    basic=True,
    separator=",",
    choose=doors_other.pinterest_boards,
    within=True,
    scopes=(
        Scope("user_accounts:read", "see the account and its numbers"),
        Scope("boards:read", "see the boards"),
        Scope("pins:read", "read the town's Pins"),
        Scope("pins:write", "publish Pins"),
    ),
)
VIMEO = Door(
    platform="vimeo",
    authorize="https://api.vimeo.com/oauth/authorize",
    token="https://api.vimeo.com/oauth/access_token",  # noqa: S106
    basic=True,
    take_back=doors_other.take_back_vimeo,
    by_key=True,
    scopes=(
        Scope("public", "see public videos"),
        Scope("private", "see the account and its own videos"),
        Scope("create", "make new videos"),
        Scope("upload", "upload videos"),
        Scope("edit", "set titles, captions and who may watch"),
        Scope("delete", "delete videos", needed=False),
        Scope("interact", "answer comments", needed=False),
        Scope("stats", "read numbers", needed=False),
    ),
)
MASTODON = Door(
    platform="mastodon",
    authorize="https://{host}/oauth/authorize",
    token="https://{host}/oauth/token",  # noqa: S106
    pkce=True,
    register="https://{host}/api/v1/apps",
    extra={"force_login": "true"},
    take_back=doors_other.take_back_mastodon,
    scopes=(
        Scope("read", "read posts, mentions and private mentions"),
        Scope("write", "publish posts and answers, with pictures"),
    ),
)
DOORS: Mapping[str, Door] = {
    door.platform: door for door in (X, FACEBOOK, INSTAGRAM, LINKEDIN, YOUTUBE, PINTEREST, VIMEO, MASTODON)
}


def renewer(platform: str) -> Callable[[Account], Renewed] | None:
    """How keys of this platform are renewed that came through its door: with the app's own keys beside them."""
    door = DOORS.get(platform)
    return partial(oauth.renew, door) if door is not None and door.renews else None


def of(platform: str) -> Door | None:
    """The platform's door; None where one connects it in another way."""
    return DOORS.get(platform)
