"""Every act and every route, for every role, over the own channel, another one and none: exactly as the table says."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts import access, audit, bulk, clock, invitations
from accounts.access import may, places_for, who_may
from accounts.models import ClaimRule, Scope, User
from accounts.notifications import tell
from calendar_app.models import Idea, Moving, Post, Remark, Slot
from channels_app.models import Alarm, Channel
from policy import editing, permitted
from policy.models import CivicDate, Incident, SigningRule
from tests.factories import NOON, give, make_channel, make_user
from tests.factories_asking import make_call, make_kickstarter, make_suggestion
from tests.factories_calendar import make_media, make_objective, make_placement, make_post, make_topic
from tests.factories_campaigns import around_posts
from tests.factories_comments import make_window
from tests.factories_deciding import make_decision
from tests.factories_films import make_captions, make_film
from tests.factories_gathered import gathered_of_the_town
from tests.factories_inbox import make_conversation
from tests.factories_joining import make_joining, make_unheard, make_withheld
from tests.factories_listening import make_firing, make_hit, make_rule, make_voice, make_watch
from tests.factories_measures import evidence_of_the_town
from tests.factories_modes import make_frozen, modes_of_the_town
from tests.factories_people import (
    WORDS,
    make_attempt,
    make_departure_task,
    make_identity,
    make_module,
    make_native_role,
    make_passkey,
)
from tests.factories_plan import make_import, make_series
from tests.factories_promises import make_issue, make_place, make_promise
from tests.factories_queue import make_merged, make_view
from tests.factories_relations import make_minutes, make_outreach_place, make_relationship, make_stake, make_supporter
from tests.factories_replies import make_handed, replies_of_the_town
from tests.factories_response import make_closing
from tests.factories_statutory import make_request
from tests.factories_voice import make_position
from tests.security.access import ROLES, TOWN, Route, acts, table
from tests.test_access import ROUTES as REAL

pytestmark = pytest.mark.django_db
# Pages about a second factor, which nobody here has.
WITH_A_FACTOR = {"mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"}
# No answer is on its way here, so there is none to be taken back; and the town has no sign-in of its own.
NOTHING_THERE = {"inbox:withdraw", "inbox:decide", "accounts:connect-identity"}
BRIEFLY: dict[str, Any] = {"headers": {"HX-Request": "true"}}  # a refusal is then a sentence and not a page around it
IN_THE_WAY = {401, 403, 404, 405}  # answers that say no to the person, or to the method


def test_the_table_lists_every_act_and_every_route_and_nothing_else() -> None:
    assert set(acts()) == set(access.ACTS)
    assert set(table()) == set(REAL)
    assert {name for name, act in acts().items() if act.town} == access.WHOLE
    assert set(TOWN) <= set(table())


def test_every_act_is_decided_as_the_table_says_over_the_own_channel_another_and_none() -> None:
    own, other = make_channel().scope, make_channel().scope
    for letter, role in ROLES.items():
        here, everywhere = make_user(role, scope=own), make_user(role)
        for name, act in acts().items():
            has = letter in act.roles
            decided = [may(here, name, NOON, scope) for scope in (own, other, None)]
            assert decided == ([has, False, has] if not act.town else [False, False, False]), (role, name)
            assert [may(everywhere, name, NOON, scope) for scope in (own, other, None)] == [has] * 3, (role, name)
            places = [own.pk] if has and not act.town else []
            assert (places_for(here, name, NOON), places_for(everywhere, name, NOON)) == (places, None if has else [])
            found = set(who_may(name, NOON, own)) & {here, everywhere}
            assert found == ({everywhere} if act.town else {here, everywhere} if has else set()) & who(
                has, here, everywhere
            )


def who(has: bool, *people: User) -> set[User]:
    return set(people) if has else set()


def test_nobody_without_a_role_may_do_anything() -> None:
    user, gone = make_user(), make_user("administrator", is_active=False)
    assert not [name for name in acts() if may(user, name, NOON) or may(gone, name, NOON)]


def an_alarm(channel: Channel) -> Alarm:
    words = "The same words are there twice."
    return Alarm.objects.create(kind="twice", subject=f"{channel.pk}:1", channel=channel, words=words, since=NOON)


def the_guide() -> dict[str, dict[str, Any]]:
    """The policy in force, and a draft of its next version."""
    chief = make_user("administrator")
    editing.adopt("policy", clock.now().date() + timedelta(days=90), by=chief, now=clock.now())
    editing.begin("policy", by=chief, now=clock.now())
    topic = make_topic()
    row = permitted.decide("post:quote", "publisher", "no", by=chief, now=clock.now(), topic=topic)
    return {
        "permission": {"pk": row.pk},
        "step": {"name": "hours"},
        "guide": {"guide": "policy"},
        "version": {"guide": "policy", "number": 1},
        "clause": {"guide": "policy", "anchor": "purpose"},
        "export": {"guide": "policy", "form": "md"},
    }


def make_incident() -> Incident:
    words = {"kind": "tone", "words": "A sharp answer", "place": "X"}
    return Incident.objects.create(**words, noticed_at=NOON, logged_by=make_user("officer"), logged_at=NOON)


def around_answers(channel: Channel) -> dict[str, dict[str, Any]]:
    call = make_call()
    return replies_of_the_town() | {
        "inbox-rule": {"key": make_rule("never said", on=False).key},
        "watch": {"key": make_watch().key},
        "voice": {"key": make_voice().key},
        "closing": {"pk": make_closing().pk},
        "acknowledging": {"key": channel.key},
        "registered": {"key": channel.key},
        "call": {"key": call.key},
        "theme": {"key": call.themes.create(name="Oaks").key},
    }


def relations_of_the_town() -> dict[str, dict[str, Any]]:
    one = make_relationship(handles=[("x", "hall")])
    return {
        "relationship": {"key": one.key},
        "followed": {"pk": one.handles.get().pk},
        "stake": {"key": make_stake().key},
        "outreach-place": {"key": make_outreach_place().key},
        "supporter": {"key": make_supporter().key},
    }


def films_of_the_library(by: User) -> dict[str, dict[str, Any]]:
    film = make_film(by=by)
    return {"film": {"key": film.key}, "captions": {"key": film.key, "captions": make_captions(film).key}}


class Things:
    """One of everything that an address can name: on the own channel, and on another one."""

    def __init__(self, contributor: User, own: Channel, other: Channel) -> None:
        self.own, self.other = self.of(own, contributor), self.of(other, make_user())
        self.person = make_user()
        self.grant = give(make_user(), "officer")
        self.town = {
            "name": {"name": "words"},
            "help": {"name": "publishing"},
            "running": {"name": "upgrading"},
            "list": {"name": "topic"},
            "word-list": {"name": "banned"},
            "rule": {"rule": "V01"},
            "position": {"key": make_position().key},
            "topic": {"name": "topic", "pk": make_topic().pk},
            "person": {"key": self.person.key},
            "grant": {"key": self.grant.user.key, "pk": self.grant.pk},
            "platform": {"platform": "mastodon"},
            "day": {"day": "2026-11-20"},
            "objective": {"key": make_objective().key},
            "module": {"key": make_module().key},
            "claim": {"pk": ClaimRule.objects.create(value="desk", role="officer").pk},
            "change": {"pk": audit.record(bulk.DONE, None, by=None, now=clock.now(), changes=[]).pk},
            "native": {"key": self.person.key, "role": make_native_role(self.person).key},
            "departure": {"key": (task := make_departure_task()).departure.key},
            "task": {"key": task.departure.key, "pk": task.pk},
            "date": {"pk": CivicDate.objects.create(day=NOON.date(), name="Fair", kind="day").pk},
            "register": {"pk": make_topic().pk},
            "share": {"which": "about-us"},
            "code": {"code": "nothing2"},
            "sealed-kit": {"key": self.person.key, "seal": "x"},
            **films_of_the_library(contributor),
            "picture": {"key": make_media().key, "kind": "small", "seal": "x"},
            "feed": {"secret": "x"},
            "reset": {"uidb36": "1", "key": "x"},
            "invited": {"key": self.person.key, "secret": "x"},
        }
        self.town |= modes_of_the_town() | evidence_of_the_town() | gathered_of_the_town()
        idea = Idea.objects.create(words="The oak", by=contributor, at=NOON)
        rule = SigningRule.objects.create(why="Asked for", by=make_user("manager"), at=NOON)
        self.town |= {"idea": {"key": idea.key}, "signing-rule": {"key": rule.key}}
        self.town |= {"incident": {"key": make_incident().key}, "place": {"key": make_place().key}}
        invitation, _ = invitations.invite(
            "new@fernhill.example", "officer", by=make_user("administrator"), now=clock.now()
        )
        self.town["invitation"] = {"key": invitation.key}
        self.town |= the_guide()
        self.town |= around_posts(contributor) | around_answers(own) | relations_of_the_town()

    def of(self, channel: Channel, author: User) -> dict[str, dict[str, Any]]:
        post = make_post(author=author, channels=[channel])
        placement = make_placement("draft", post=post)
        make_window(placement)
        return {
            "CHANNEL": {"key": channel.key},
            "SLOT": {"key": channel.key, "pk": Slot.objects.create(channel=channel, weekday=1, at=NOON.time()).pk},
            "POST": {"key": post.key},
            "VERSION": {"key": post.key, "n": 1},
            "REMARK": {"key": post.key, "remark": self.remark(post, author).key},
            "PLACEMENT": {"key": placement.key},
            "SERIES": {"key": make_series(channel, author).key},
            "PART": {"key": placement.key, "n": 1},
            "ALARM": {"pk": an_alarm(channel).pk},
            "UNHEARD": {"key": channel.key, "pk": make_unheard(channel).pk},
            "WITHHELD": {"key": channel.key, "pk": make_withheld(channel).pk},
            "FROZEN": {"key": make_frozen(channel).key},
            "CONVERSATION": {"key": make_conversation(channel).key},
            "REHOUSED": {"key": (row := make_merged(channel)).source.key, "move": row.key},
            "HANDED": {"ref": make_handed(channel).key},
            "LEGAL": {"key": make_request(channel).key},
            "DECISION": {"key": make_decision(make_conversation(channel), now=clock.now()).key},
            "ISSUE": {"key": make_issue(make_conversation(channel)).key},
            "PROMISE": {"key": make_promise(make_conversation(channel)).key},
            "HIT": {"key": make_hit(channel).key},
            "FIRING": {"key": (fired := make_firing(channel)).conversation.key, "firing": fired.key},
            "KICKSTARTER": {"key": make_kickstarter(channel).key},
            "SUGGESTION": {"key": make_suggestion(channel).key},
        }

    def remark(self, post: Post, by: User) -> Remark:
        return Remark.objects.create(post=post, words="Which pool?", by=by, at=NOON)

    def address(self, route: Route, user: User | None, *, other: bool = False) -> str:
        if route.about == "note":
            words = tell(user or self.person, "test", "Something happened.", now=clock.now())
            return reverse(route.name, kwargs={"pk": words.pk if words else 0})
        if route.about == "passkey":
            return reverse(route.name, kwargs={"pk": make_passkey(user or self.person).pk})
        if route.about == "identity":
            return reverse(route.name, kwargs={"pk": make_identity(user or self.person).pk})
        if route.about == "import":
            return reverse(route.name, kwargs={"key": make_import(user or self.person).key})
        if route.about == "moving":
            mine = Moving.objects.create(words="Moved", rows=[], by=user or self.person, at=clock.now())
            return reverse(route.name, kwargs={"key": mine.key})
        if route.about == "saved-view":
            return reverse(route.name, kwargs={"key": make_view(user or self.person).key})
        if route.about == "minutes":
            return reverse(route.name, kwargs={"pk": make_minutes(user or self.person).pk})
        if route.about == "joining":
            return reverse(route.name, kwargs={"key": make_joining(user or self.person).key})
        if route.about == "attempt":
            return reverse(route.name, kwargs={"key": make_attempt(user or self.person).key})
        where = (self.other if other else self.own) if route.scoped else self.town
        return reverse(route.name, kwargs=where.get(route.about, {}))


class Seat:
    """A person at a browser, whose password was given a moment ago; nothing they do lasts."""

    def __init__(self, user: User | None = None) -> None:
        self.user, self.client = user, Client()
        if user is not None:
            self.client.force_login(user)
            session = self.client.session
            session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
            session.save()
        self.cookies = {name: one.value for name, one in self.client.cookies.items()}

    def ask(self, method: str, address: str, **how: Any) -> HttpResponseBase:
        self.client.cookies.clear()  # the request before may have signed this person out
        self.client.cookies.load(self.cookies)
        with transaction.atomic():
            answer = self.client.generic(method, address, b"", "application/x-www-form-urlencoded", **how)
            transaction.set_rollback(True)
        return answer


@pytest.fixture
def channels() -> tuple[Channel, Channel]:
    return make_channel(), make_channel()


@pytest.fixture
def seats(channels: tuple[Channel, Channel]) -> dict[str, Seat]:
    """One of each role, over the own channel only."""
    return {letter: Seat(make_user(role, scope=channels[0].scope, password=WORDS)) for letter, role in ROLES.items()}


@pytest.fixture
def things(channels: tuple[Channel, Channel], seats: dict[str, Seat]) -> Things:
    contributor = seats["C"].user
    assert contributor
    return Things(contributor, *channels)


def asks(methods: bool = True) -> Iterator[tuple[Route, str]]:
    for route in table().values():
        for method in route.methods if methods else route.methods[:1]:
            yield route, method


def test_every_role_gets_through_to_its_own_and_only_there(things: Things, seats: dict[str, Seat]) -> None:
    wrong = []
    for route, method in asks():
        for letter, seat in seats.items() if route.name not in WITH_A_FACTOR else ():
            let_in = route.who == "signed-in" or (letter in route.who and route.name not in TOWN)
            how = {} if let_in else BRIEFLY
            status = seat.ask(method, things.address(route, seat.user), **how).status_code
            fine = status not in IN_THE_WAY and status < 500 if let_in else status == 403
            fine |= let_in and status == 404 and route.name in NOTHING_THERE
            if not fine and route.who != "public":
                wrong.append((method, route.name, ROLES[letter], status))
    assert not wrong


def test_another_channels_things_are_not_there(things: Things, seats: dict[str, Seat]) -> None:
    wrong = []
    for route, method in asks():
        for letter, seat in seats.items() if route.scoped else ():
            status = seat.ask(method, things.address(route, seat.user, other=True), **BRIEFLY).status_code
            if status != (404 if letter in route.who else 403):
                wrong.append((method, route.name, ROLES[letter], status))
    assert not wrong


def test_what_concerns_the_whole_town_needs_a_right_over_everything(things: Things) -> None:
    general = {letter: Seat(make_user(role, password=WORDS)) for letter, role in ROLES.items()}
    wrong = []
    for route, method in asks():
        for letter, seat in general.items() if route.name in TOWN else ():
            how = {} if letter in route.who else BRIEFLY
            status = seat.ask(method, things.address(route, seat.user), **how).status_code
            if (status == 403) is (letter in route.who) or status >= 500:
                wrong.append((method, route.name, ROLES[letter], status))
    assert not wrong


def test_without_a_sign_in_or_a_role_nothing_opens(things: Things) -> None:
    stranger, nobody = Seat(), Seat(make_user(password=WORDS))
    for route, method in asks():
        answer = stranger.ask(method, things.address(route, None))
        if route.who == "public":
            assert answer.status_code < 500, route
            continue
        assert answer.status_code == 302, route
        assert answer["Location"].startswith("/account/login/"), route
        if route.name in WITH_A_FACTOR:
            continue
        status = nobody.ask(method, things.address(route, nobody.user), **BRIEFLY).status_code
        assert (status == 403) is (route.who != "signed-in"), (route, status)


def test_what_acts_is_never_done_by_following_a_link(things: Things) -> None:
    general = {letter: Seat(make_user(role, password=WORDS)) for letter, role in ROLES.items()}
    for route in table().values():
        if route.methods == ("POST",):
            letter = route.who[0] if route.who == "signed-in" else route.who.strip(".")[0]
            seat = general.get(letter.upper(), general["D"])
            assert seat.ask("GET", things.address(route, seat.user)).status_code == 405, route


def test_anothers_notification_is_not_there(seats: dict[str, Seat]) -> None:
    words = tell(make_user("officer"), "test", "Something happened.", now=clock.now())
    assert words
    address = reverse("accounts:open-notification", args=[words.pk])
    assert {seat.ask("POST", address).status_code for seat in seats.values()} == {404}


def test_a_refused_act_and_a_foreign_thing_are_written_into_the_log_with_the_person(
    things: Things, seats: dict[str, Seat], caplog: pytest.LogCaptureFixture
) -> None:
    officer = seats["O"]
    assert officer.user
    with caplog.at_level(logging.INFO):
        officer.ask("GET", reverse("accounts:people"))
        officer.ask("GET", things.address(table()["inbox:conversation"], officer.user, other=True))
    told = [(getattr(row, "status", None), getattr(row, "person", None)) for row in caplog.records]
    assert (403, str(officer.user.key)) in told
    assert (404, str(officer.user.key)) in told


def test_a_scope_of_a_foreign_channel_cannot_be_named_by_an_administrator_of_one_channel() -> None:
    """With such a grant somebody who runs one channel would run them all."""
    own = make_channel()
    seat = Seat(make_user("administrator", scope=own.scope))
    assert seat.user
    for scope in Scope.objects.all():
        answer = seat.client.post(
            reverse("accounts:grant-role", args=[seat.user.key]), {"role": "administrator", "scope": scope.pk}
        )
        assert answer.status_code == 403
    assert seat.user.grants.count() == 1
