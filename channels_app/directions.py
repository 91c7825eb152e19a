"""Directions to each platform: what to do there, step by step, before an account can be connected here.

What the platforms call their buttons is as their own pages had it when this was written; they move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from channels_app.platforms import doors
from channels_app.platforms.base import Platform
from channels_app.platforms.oauth import Door, Scope

OFF = (
    "Letting Parley in is off: Parley does not know its own public address, so no platform could send you back. "
    "Whoever runs Parley sets PUBLIC_URL to its https address. Until then a token can be entered."
)
WEBHOOKS = {
    "facebook": (
        "Webhook verify token",
        "Any long word of your own. Enter the same one at Meta, under Webhooks, and subscribe there to feed, mention "
        "and messages of the Page, and to comments, mentions and messages of Instagram: who names the town elsewhere "
        "on Instagram is told in no other way.",
    ),
    "x": ("API key secret, for webhooks", "X signs what it sends with it. Only needed where webhooks are used."),
}
# Where the address for notices is entered.
NOTICES = {
    "facebook": "Enter it at Meta, under Webhooks, as the Callback URL: once for Page and once for Instagram.",
    "x": "X is given it by a program, not on a page, and charges for each notice. Parley reads without them.",
}
# The fields of an app as the platform's own pages name them: its ID and its secret.
NAMES = {
    "x": ("Client ID", "Client secret"),
    "facebook": ("App ID", "App secret"),
    "linkedin": ("Client ID", "Primary client secret"),
    "youtube": ("Client ID", "Client secret"),
    "pinterest": ("App ID", "App secret key"),
    "vimeo": ("Client identifier", "Client secret"),
}


@dataclass(frozen=True)
class Directions:
    """Where an app is made, and the steps there. `tester`: what a new app cannot do until the platform has looked."""

    where: str
    address: str
    steps: Sequence[str]
    tester: str = ""


META = Directions(
    "developers.facebook.com",
    "https://developers.facebook.com/apps/",
    (
        "Sign in as somebody who manages the town's Page, and create an app of the type Business.",
        "Add the product Facebook Login for Business to it.",
        "Under its settings, enter Parley's address under Valid OAuth Redirect URIs.",
        "Ask for the permissions listed below, under App Review, Permissions and features.",
        "Copy App ID and App secret from Settings, Basic.",
    ),
    "Until Meta has reviewed the app, it works only for people who have a role in it.",
)
DIRECTIONS = {
    "x": Directions(
        "developer.x.com",
        "https://developer.x.com/",
        (
            "Sign in as the town's own account, and open your project's app.",
            "Under User authentication settings choose Read and write, and the type Web App.",
            "Enter Parley's address under Callback URI, and the town's website.",
            "Copy Client ID and Client secret from Keys and tokens, OAuth 2.0. They are shown once.",
        ),
    ),
    "facebook": META,
    "instagram": META,
    "linkedin": Directions(
        "developer.linkedin.com",
        "https://www.linkedin.com/developers/apps",
        (
            "Create an app and tie it to the town's page; an administrator of the page confirms it.",
            "Under Products ask for the Community Management API.",
            "Under Auth enter Parley's address under Authorized redirect URLs.",
            "Copy Client ID and Primary client secret from Auth.",
        ),
        "LinkedIn looks at every request for this product; it can take some weeks.",
    ),
    "youtube": Directions(
        "console.cloud.google.com",
        "https://console.cloud.google.com/",
        (
            "Create a project and switch on YouTube Data API v3 and YouTube Analytics API.",
            "Under OAuth consent screen describe Parley, add the permissions below, and set it to In production.",
            "Under Credentials create an OAuth client ID of the type Web application.",
            "Enter Parley's address under Authorised redirect URIs, and copy Client ID and Client secret.",
        ),
        "While the consent screen is set to Testing, access ends after seven days.",
    ),
    "pinterest": Directions(
        "developers.pinterest.com",
        "https://developers.pinterest.com/apps/",
        (
            "Sign in as the town's business account and connect an app.",
            "Enter Parley's address under Redirect URIs.",
            "Copy App ID and App secret key from Manage.",
        ),
        "Until Pinterest has given Standard access, Pins are seen by nobody but you.",
    ),
    "vimeo": Directions(
        "developer.vimeo.com",
        "https://developer.vimeo.com/apps",
        (
            "Create an app, and say that other people may use it.",
            "Ask for Upload Access in the app's General Information.",
            "Enter Parley's address under Callback URLs.",
            "Copy Client identifier and Client secret.",
        ),
    ),
    "mastodon": Directions(
        "the town's own server",
        "",
        (
            "Enter the server's name, like social.example.org. Parley makes itself known there by itself.",
            "Sign in there as the town's account, and allow what Parley asks for.",
        ),
    ),
    "bluesky": Directions(
        "bsky.app",
        "https://bsky.app/settings/app-passwords",
        (
            "Sign in as the town's account, and open Settings, Privacy and security, App passwords.",
            "Add one named Parley. To read private messages, allow access to them there.",
            "Enter the town's handle and the app password here. The account's own password stays unknown to Parley.",
        ),
    ),
    "wordpress": Directions(
        "your blog's own dashboard",
        "",
        (
            "Sign in as a user with the role Editor that is Parley's own, and open Users, Profile.",
            "Under Application Passwords enter the name Parley, and add it.",
            "Enter the user's name and the application password here, as it is shown.",
        ),
    ),
    "rss": Directions("the website", "", ("Copy the address of the feed, and enter it here. No key is needed.",)),
    "manual": Directions(
        "nowhere",
        "",
        ("Parley reminds somebody when a post is due; they post it, and paste its address. No key is needed.",),
    ),
}
PUBLISHES = {
    "link": "links",
    "images": "pictures",
    "video": "videos",
    "poll": "polls",
    "thread": "threads",
    "first_comment": "a first comment",
}
READS = {"comments": "comments", "mentions": "mentions", "direct": "private messages", "own_posts": "its own posts"}
ELSE = {  # no page hides what others write: it is for a person who is named for it, and there is none yet
    "reply": "answer",
    "like": "like what others write",
    "delete": "delete",
    "metrics": "read numbers",
    "search": "search what others say in public",
}


def of(platform: str) -> Directions | None:
    return DIRECTIONS.get(platform)


def abilities(module: Platform) -> list[str]:
    """What Parley can do on a platform, in at most three sentences."""
    posts = ["text", *_those(PUBLISHES, module)] if "publish" in module.CAN else []
    told = [("Publishes", posts), ("Reads", _those(READS, module)), ("Can also", _those(ELSE, module))]
    return [f"{verb} {_listed(words)}." for verb, words in told if words]


def fields_of(platform: str) -> list[tuple[str, str, str]]:
    """The fields of the app's form: name, label, help."""
    name, secret = NAMES.get(platform, ("Client ID", "Client secret"))
    rows = [("client_id", name, ""), ("client_secret", secret, "")]
    if platform in WEBHOOKS:
        rows.append(("webhook_token", *WEBHOOKS[platform]))
    return rows


def practice_keys(door: Door) -> tuple[str, str] | None:
    """What to enter in practice, where no real app is asked for."""
    if not settings.PRACTICE or door.register:
        return None
    return f"practice-app-{door.app_platform}", f"practice-secret-{door.app_platform}"


@dataclass(frozen=True)
class Permission:
    """One permission as a page shows it; `given` is None before anybody was asked."""

    scope: Scope
    given: bool | None = None


def permissions(platform: str, granted: Sequence[str] | None = None) -> list[Permission]:
    """What Parley asks for there, and whether it was given."""
    door = doors.of(platform)
    if door is None:
        return []
    had = set(granted or ())
    told = [bool(had & {scope.name, *scope.or_}) for scope in door.scopes]
    return [
        Permission(scope, given if granted is not None else None)
        for scope, given in zip(door.scopes, told, strict=True)
    ]


def _those(words: dict[str, str], module: Platform) -> list[str]:
    return [word for key, word in words.items() if key in module.CAN]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
