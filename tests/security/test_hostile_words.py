"""Words that want to be code: they are shown as words on every page, and a form changes only what it shows."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Grant, User
from calendar_app.models import Placement, Post
from channels_app.models import Channel, Delivery, Instance
from engagement import handling
from engagement.models import Conversation
from policy.models import Objective
from tests.factories import NOON, give, make_channel, make_town, make_user
from tests.factories_calendar import make_campaign, make_objective, make_placement, make_post, make_topic
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.factories_people import WORDS

pytestmark = pytest.mark.django_db

CODE = "pwn()"
SEEDS = [
    f"<script>{CODE}</script>",
    f"<img src=x onerror={CODE}>",
    f"<svg onload={CODE}>",
    f"<body onload={CODE}>",
    f"<iframe src=javascript:{CODE}>",
    f"<a href='javascript:{CODE}'>x</a>",
    f"<details open ontoggle={CODE}>",
    f"<input autofocus onfocus={CODE}>",
    f"<video><source onerror={CODE}></video>",
    f"<math><mi xlink:href='javascript:{CODE}'>",
    f"<object data='javascript:{CODE}'>",
    f"<embed src='javascript:{CODE}'>",
    f"<form action='javascript:{CODE}'><button>",
    f"<style>@import 'javascript:{CODE}'</style>",
    f"<base href='javascript:{CODE}//'>",
    "<link rel=stylesheet href=//x.example/pwn>",
    f"<meta http-equiv=refresh content='0;javascript:{CODE}'>",
    f"<template><script>{CODE}</script></template>",
    f"{{{{ {CODE} }}}}",
    f"{{% include '{CODE}' %}}",
]


def variants(seed: str) -> list[str]:
    return [
        seed,
        seed.swapcase(),
        f'"> {seed}',
        f"'> {seed}",
        f"</textarea></title></script>{seed}",
        f"--> {seed} <!--",
        seed.replace("<", "<\t").replace(">", "\n>"),
        seed.replace("<", "<<"),
        f"javascript:{CODE}//{seed}",
        f"` onmouseover={CODE} {seed} \u2028 \u202e",
    ]


HOSTILE = [words for seed in SEEDS for words in variants(seed)]
ACTIVE = {"iframe", "object", "embed", "base", "math", "applet", "frame", "frameset"}


class Reader(HTMLParser):
    """Reads a page as a browser would and notes what could run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ACTIVE or (tag in {"script", "style"} and not given.get("nonce") and not given.get("type")):
            self.found.append(f"<{tag} {given}>")
        for name, value in given.items():
            plain = "".join(value.split()).lower()
            runs = name in {"href", "src", "action", "formaction", "data", "xlink:href"} and plain.startswith(
                ("javascript:", "data:text", "vbscript:")
            )
            if name.startswith(("on", "hx-on")) or name == "srcdoc" or runs:
                self.found.append(f"<{tag} {name}={value[:80]}>")


@pytest.fixture
def all_roles() -> Client:
    user = make_user(password=WORDS)
    for role in ("officer", "publisher", "approver", "manager", "administrator"):
        give(user, role)
    client = Client()
    client.force_login(user)
    return client


def thread_of(channel: Channel, texts: list[str]) -> Conversation:
    """One resident after the other, under names as hostile as their words."""
    first = make_incoming(texts[0], author_name=texts[0], author_handle=texts[0])
    rows = [make_incoming(words, parent_id=first.remote_id, author_name=words, at=NOON) for words in texts[1:]]
    conversation = receive(channel, first, *rows)[0].conversation
    assert conversation
    return conversation


@pytest.fixture
def town_of_words() -> dict[str, object]:
    """Every kind of name and text, each time with others of the two hundred in it."""
    assert len(HOSTILE) == 200
    left = iter(HOSTILE * 3)
    make_town(name=next(left)[:100])
    channel = make_channel(name=next(left)[:100], handle=next(left)[:100])
    threads = [thread_of(channel, HOSTILE[n : n + 25]) for n in range(0, 200, 25)]
    conversation = threads[0]
    me = make_user("officer", name=next(left)[:100])
    handling.note(conversation, next(left), by=me, now=NOON)
    words = [next(left) for _ in range(60)]
    facts = {"campaign": make_campaign(name=next(left)[:80]), "topic": make_topic(name=next(left)[:80])}
    objective = make_objective(sentence=next(left)[:200])
    posts = [make_post(author=me, channels=[channel], text=one, objective=objective, **facts) for one in words]
    for number, post in enumerate(posts):
        state = ("draft", "in_review", "scheduled", "failed")[number % 4]
        make_placement(state, post=post, **({"why_words": words[number][:200]} if state == "failed" else {}))
    Channel.objects.filter(pk=channel.pk).update(why=next(left)[:300])
    return {
        "channel": channel,
        "conversation": conversation,
        "threads": threads,
        "posts": posts,
        "objective": objective,
        "person": me,
    }


def addresses(town: dict[str, object]) -> list[str]:
    channel, conversation, posts = town["channel"], town["conversation"], town["posts"]
    objective, person = town["objective"], town["person"]
    assert isinstance(channel, Channel) and isinstance(conversation, Conversation) and isinstance(posts, list)  # noqa: PT018
    assert isinstance(objective, Objective) and isinstance(person, User)  # noqa: PT018
    found = [
        reverse(name)
        for name in (
            "desk:today",
            "desk:sign-off",
            "desk:lists",
            "desk:working",
            "channels:list",
            "calendar:month",
            "calendar:drafts",
            "calendar:new-post",
            "inbox:queue",
            "measures:objectives",
            "measures:new-objective",
            "figures:overview",
            "figures:resonance",
            "figures:case",
            "accounts:people",
            "accounts:settings",
            "accounts:notifications",
            "accounts:profile",
        )
    ]
    found += [
        reverse(f"inbox:{name}", args=[conversation.key]) for name in ("conversation", "assign", "label", "close")
    ]
    found += [reverse("channels:channel", args=[channel.key]), reverse("accounts:person", args=[person.key])]
    found += [reverse(f"measures:{name}", args=[objective.key]) for name in ("objective", "set-objective")]
    found += [reverse(f"figures:{name}", args=[town[name].key]) for name in ("channel", "objective")]  # type: ignore[attr-defined]
    threads = town["threads"]
    assert isinstance(threads, list)
    found += [reverse("inbox:conversation", args=[thread.key]) for thread in threads]
    for post in posts[:8]:
        found += [
            reverse(f"calendar:{name}", args=[post.key]) for name in ("post", "edit-post", "versions", "move-post")
        ]
    found += [
        f"{reverse('calendar:day', args=['2026-11-18'])}",
        f"{reverse('calendar:month')}?view=agenda&month=2026-11",
    ]
    return found


def test_two_hundred_hostile_texts_are_words_on_every_page(all_roles: Client, town_of_words: dict[str, object]) -> None:
    shown: set[str] = set()
    for address in addresses(town_of_words):
        answer = all_roles.get(address)
        assert answer.status_code == 200, address
        said = squeezed("".join(check_page(address, answer).said))
        shown |= {words for words in HOSTILE if squeezed(words) in said}
    assert len(shown) > 150


def squeezed(words: str) -> str:
    return "".join(words.split())


def check_page(address: str, answer: Any) -> Reader:
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy, address
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0], address
    assert answer["X-Content-Type-Options"] == "nosniff", address
    reader = Reader()
    reader.feed(answer.content.decode())
    assert not reader.found, (address, reader.found[:3])
    return reader


def test_what_is_looked_for_is_shown_as_words(all_roles: Client) -> None:
    for words in HOSTILE:
        answer = all_roles.get(reverse("desk:search"), {"q": words})
        check_page(words, answer)


ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:pwn()",
    "JaVaScRiPt:pwn()",
    "data:text/html,pwn",
    "https:evil.example",
    "https:///evil.example",
    "http:/evil.example",
    " https://evil.example",
    "\x00//evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "//testserver:80@evil.example",
    "https://evil.example/calendar/",
    "//evil.example/calendar/",
    "https://evil.example#/inbox/",
    "ftp://testserver/",
    "//%65vil.example",
    "/%09/evil.example",
    "https://xn--vil-9ma.example",
    "https://[::1]/",
    "//evil.example\\@testserver",
]


def leads_away(location: str) -> bool:
    plain = "".join(location.split()).replace("\\", "/")
    return not plain.startswith("/") or plain.startswith("//")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_form_leads_to_another_site(client: Client, target: str) -> None:
    user = make_user("publisher", password=WORDS)
    answer = client.post(f"{reverse('account_login')}", {"login": user.email, "password": WORDS, "next": target})
    assert answer.status_code == 302
    assert not leads_away(answer["Location"]), answer["Location"]
    again = client.post(f"{reverse('account_reauthenticate')}", {"password": WORDS, "next": target})
    assert again.status_code in {200, 302}
    assert again.status_code == 200 or not leads_away(again["Location"])


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_way_back_leads_to_our_own_pages(all_roles: Client, target: str) -> None:
    post = make_post()
    rows = {"placements": str(post.placements.get().key), "at": "", "back": target}
    answer = all_roles.post(
        reverse("calendar:move-post", args=[post.key]), rows, headers={"Referer": "https://evil.example/"}
    )
    assert answer.status_code == 302
    assert not leads_away(answer["Location"])
    themed = all_roles.post(
        reverse("accounts:theme"),
        {"theme": "dark", "next": target},
        headers={"Referer": "https://evil.example/calendar/"},
    )
    assert not leads_away(themed.get("Location", "/"))


EXTRA = [
    {"is_superuser": "1", "is_staff": "1", "is_active": "0", "email": "evil@evil.example", "password": "x"},
    {"author": "1", "by": "1", "asked_by": "1", "user": "1", "owner_id": "1", "stated_by": "1"},
    {"state": "approved", "approval": "1", "approval_id": "1", "delivery": "1", "published_at": "2026-01-01"},
    {"practice": "", "host": "evil.example", "remote_id": "1", "scope": "1", "scope_id": "1", "limits": "{}"},
    {"publishing": "", "epoch": "0", "fence": "9", "grants": "administrator", "role": "administrator", "pk": "1"},
]


def snapshot() -> list[object]:
    """Everything the extra fields would like to change."""
    tables = [
        User.objects.values_list("pk", "email", "password", "is_active"),
        Grant.objects.values_list("pk", "user", "role", "scope", "ends_at"),
        Post.objects.values_list("pk", "author"),
        Placement.objects.values_list("pk", "state", "approval", "delivery", "asked_by", "channel"),
        Delivery.objects.values_list("pk", "state", "fence", "approval"),
        Channel.objects.values_list("pk", "state", "practice", "host", "remote_id", "scope"),
        Conversation.objects.values_list("pk", "channel", "person", "private"),
        Objective.objects.values_list("pk", "key", "active"),
        Instance.objects.values_list("pk", "publishing", "epoch"),
    ]
    return [sorted(map(str, rows)) for rows in tables]


FORMS = [
    ("accounts:profile", "", {"name": "Ada King"}),
    ("accounts:settings", "", {"name": "Fernhill"}),
    ("accounts:theme", "", {"theme": "dark"}),
    ("calendar:edit-post", "post", {"text": "Words", "kind": "news", "version": "1"}),
    ("inbox:take", "conversation", {"version": "1"}),
    ("inbox:note", "conversation", {"text": "A note", "note": "A note"}),
    ("inbox:label", "conversation", {"label": "bins"}),
    ("inbox:draft", "conversation", {"text": "An answer"}),
    ("channels:outside-editors", "channel", {"outside": "on"}),
    ("measures:set-objective", "objective", {"sentence": "Better"}),
]


@pytest.mark.parametrize("extra", EXTRA)
@pytest.mark.parametrize(("name", "about", "fields"), FORMS)
def test_a_form_changes_only_what_it_shows(
    all_roles: Client, name: str, about: str, fields: dict[str, str], extra: dict[str, str]
) -> None:
    channel = make_channel()
    things: dict[str, Any] = {
        "post": make_post(
            author=User.objects.get(email=all_roles.get("/me/").wsgi_request.user.email), channels=[channel]
        ),
        "conversation": make_conversation(channel),
        "channel": channel,
        "objective": make_objective(),
    }
    fields = fields | ({"channels": str(channel.key)} if about == "post" else {})
    before = snapshot()
    answer = all_roles.post(reverse(name, args=[things[about].key] if about else []), {**extra, **fields})
    assert answer.status_code < 500
    assert snapshot() == before


def test_a_table_for_a_spreadsheet_holds_no_formula(all_roles: Client) -> None:
    objective = make_objective(sentence='=HYPERLINK("https://evil.example")')
    answer = all_roles.get(reverse("measures:objective-weeks", args=[objective.key]))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert len(rows) > 10
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@", "\t", "\r", "\0"}]
    assert all(float(cell) is not None for cell in cells if cell[:1] == "-")
