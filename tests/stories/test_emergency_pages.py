"""The emergency pages: the switch, the message, frozen posts, rumours, alerts in and out, the plan."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import clock
from accounts.models import Notification, User
from calendar_app.models import EmergencyMessage, Frozen, OutsideAlert, Rumour
from channels_app.models import Delivery
from policy import cap, modes
from policy.models import EmergencyPlan, Issuer
from tests.factories import make_channel, make_town, make_user
from tests.factories_modes import PLACE, scheduled
from tests.factories_people import WORDS
from tests.units.test_cap import ALERT, EARLIER

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def at(role: str, **facts: Any) -> tuple[Client, User]:
    """Somebody of this role at a browser, signed in a moment ago."""
    user, client = make_user(role, **facts), Client()
    client.force_login(user)
    signed_in(client)
    return client, user


def signed_in(client: Client, ago: float = 0) -> None:
    """The password was given so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session.save()


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def publisher() -> Client:
    make_town(zone="Europe/London", pack="england")
    make_channel()
    return at("publisher")[0]


def switch(client: Client, **facts: str) -> None:
    assert client.post("/emergency/switch-on/", {"reason": "A flood", **facts}).status_code == 302


def form_of(client: Client, query: str = "?hazard=flood") -> dict[str, Any]:
    """The form as the page fills it in, with the place added."""
    form = client.get(f"/emergency/messages/new/{query}").context["form"]
    return {name: value for name, value in form.initial.items() if value is not None} | {"place": PLACE}


def test_switch_message_and_end_from_page_to_page(publisher: Client) -> None:
    delivery = scheduled(clock.now() + timedelta(hours=2))
    assert "Switch emergency mode on" in words(publisher.get("/emergency/"))
    assert publisher.post("/emergency/switch-on/", {"reason": ""}).status_code == 422
    switch(publisher)
    page = words(publisher.get("/"))
    assert "Emergency mode is on: A flood. Next update promised by" in page
    assert "1 frozen post" in words(publisher.get("/emergency/"))
    delivery.refresh_from_db()
    assert delivery.why == "frozen"
    post = delivery.release.placement.post
    assert "Frozen" in words(publisher.get(f"/calendar/posts/{post.key}/"))
    data = form_of(publisher)
    answer = publisher.post("/emergency/messages/new/", {**data, "send": "1"})
    message = EmergencyMessage.objects.get()
    assert answer["Location"] == f"/emergency/messages/{message.key}/"
    assert PLACE in words(publisher.get(answer["Location"]))
    assert "follows CAP 1.2" in words(publisher.get(answer["Location"]))
    again = publisher.post("/emergency/messages/new/", {**data, "send": "1"})
    assert (again["Location"], EmergencyMessage.objects.count()) == (answer["Location"], 1)
    manager = at("manager")[0]
    assert manager.post("/emergency/switch-off/", {"why": ""}).status_code == 422
    assert manager.post("/emergency/switch-off/", {"why": "Over"})["Location"] == "/emergency/frozen/"
    assert "Emergency mode is on" not in words(publisher.get("/"))
    span = message.span
    assert span
    chronicle = words(publisher.get(f"/emergency/{span.key}/"))
    for told in (
        "switched emergency mode on",
        "froze what was scheduled",
        "sent a message",
        "switched emergency mode off",
    ):
        assert told in chronicle


def test_the_end_wants_the_password_again_when_it_was_given_long_ago(publisher: Client) -> None:
    switch(publisher)
    client, _ = at("administrator", password=WORDS)
    signed_in(client, ago=9000)
    answer = client.post("/emergency/switch-off/", {"why": "Over"})
    assert "reauthenticate" in answer["Location"]
    assert modes.emergency(clock.now()) is not None


def test_while_one_types_nothing_is_sent_whatever_button_was_pressed_last(publisher: Client) -> None:
    switch(publisher)
    data = {**form_of(publisher), "send": "1"}
    answer = publisher.post("/emergency/messages/new/", data, headers=HTMX)
    assert answer.status_code == 200
    assert "Flood warning: Mill Road" in words(answer)
    assert not EmergencyMessage.objects.exists()
    missing = publisher.post("/emergency/messages/new/", {**data, "place": ""})
    assert missing.status_code == 422
    assert "it does not say where" in words(missing)
    assert data["action"] in missing.content.decode()
    assert Delivery.objects.count() == 0


def test_a_frozen_post_is_decided_about_on_the_page(publisher: Client) -> None:
    scheduled(clock.now() + timedelta(hours=2))
    switch(publisher)
    frozen = Frozen.objects.get()
    url = f"/emergency/frozen/{frozen.key}/decide/"
    later = f"{clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    refused = publisher.post(url, {"decision": "send", "at": later})
    assert (refused.status_code, "still on" in words(refused)) == (422, True)
    manager = at("manager")[0]
    manager.post("/emergency/switch-off/", {"why": "Over"})
    assert publisher.post(url, {"decision": "send", "at": ""}).status_code == 422
    assert publisher.post(url, {"decision": "send", "at": later}).status_code == 302
    frozen.refresh_from_db()
    assert (frozen.decision, Delivery.objects.get().state) == ("send", "scheduled")
    assert "Nothing is frozen" in words(publisher.get("/emergency/frozen/"))


def test_a_form_opened_for_an_exercise_is_not_sent_in_earnest(publisher: Client) -> None:
    switch(publisher, exercise="on")
    data = form_of(publisher) | {"place": "Mill Road, as we pretend"}
    assert "Something real has happened" in words(publisher.get("/emergency/"))
    switch(publisher)
    refused = publisher.post("/emergency/messages/new/", {**data, "send": "1"})
    assert refused.status_code == 422
    assert "This form was opened before. What is on now is real" in words(refused)
    assert "as we pretend" in refused.content.decode()
    assert not EmergencyMessage.objects.exists()
    again = {field.name: field.value() for field in refused.context["form"] if field.value() is not None}
    assert publisher.post("/emergency/messages/new/", {**again, "send": "1"}).status_code == 302


def test_rumours_are_noted_and_settled(publisher: Client) -> None:
    switch(publisher)
    officer = at("officer")[0]
    assert officer.post("/emergency/rumours/note/", {"heard": ""}).status_code == 422
    officer.post("/emergency/rumours/note/", {"heard": "The bridge has gone", "where": "Facebook"})
    rumour = Rumour.objects.get()
    found = {"verdict": "false", "found": "It is closed, not gone.", "link": "https://fernhill.example/bridge"}
    officer.post(f"/emergency/rumours/{rumour.key}/settle/", found)
    page = words(publisher.get("/emergency/rumours/"))
    assert "The bridge has gone" in page
    assert "Not true" in page
    assert "It is closed, not gone." in page


def test_an_alert_from_elsewhere_becomes_our_message_only_by_a_persons_hand(publisher: Client) -> None:
    upload = SimpleUploadedFile("flood.xml", cap.write(ALERT))
    assert publisher.post("/emergency/alerts/take/", {"file": upload}).status_code == 302
    alert = OutsideAlert.objects.get()
    assert "Flood warning: Mill Road" in words(publisher.get("/emergency/alerts/"))
    switch(publisher)
    assert Delivery.objects.count() == 0
    data = form_of(publisher, f"?outside={alert.key}") | {"time": "Now", "place": "Mill Road"}
    assert (data["hazard"], data["severity"], data["polygons"]) == (
        "flood",
        "Severe",
        ALERT.infos[0].areas[0].polygons[0],
    )
    publisher.post("/emergency/messages/new/", {**data, "send": "1"})
    alert.refresh_from_db()
    assert alert.message == EmergencyMessage.objects.get()


@pytest.mark.parametrize("status", ["Exercise", "Test", "Draft", "System"])
def test_what_was_only_practised_elsewhere_is_practised_here(publisher: Client, status: str) -> None:
    upload = SimpleUploadedFile("flood.xml", cap.write(replace(ALERT, status=status)))
    publisher.post("/emergency/alerts/take/", {"file": upload})
    switch(publisher)
    key = OutsideAlert.objects.get().key
    assert publisher.get(f"/emergency/messages/new/?outside={key}").status_code == 422
    at("manager")[0].post("/emergency/switch-off/", {"why": "Over"})
    switch(publisher, exercise="on")
    assert publisher.get(f"/emergency/messages/new/?outside={key}").status_code == 200


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file or give an address"),
        ({"file": b"<feed/>"}, "not a CAP alert"),
        ({"file": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><alert>&b;</alert>'}, "document type"),
        ({"file": cap.write(replace(ALERT, msg_type="Ack", references=(EARLIER,)))}, "answer between two systems"),
        ({"url": "https://alerts.example/1.cap"}, "no request leaves this machine"),
    ],
)
def test_what_is_no_alert_is_refused_in_words(
    publisher: Client, settings: Any, data: dict[str, Any], said: str
) -> None:
    if "file" in data:
        data = {"file": SimpleUploadedFile("x.xml", data["file"])}
    answer = publisher.post("/emergency/alerts/take/", data)
    assert (answer.status_code, said in words(answer)) == (422, True), words(answer)[-600:]
    assert not OutsideAlert.objects.exists()


def test_our_messages_are_alerts_for_others_and_name_what_they_replace(publisher: Client, settings: Any) -> None:
    settings.PRACTICE = False
    EmergencyPlan.objects.update_or_create(pk=1, defaults={"second_language": "cy", "sender": "Warnings @ Fernhill"})
    switch(publisher)
    data = form_of(publisher) | {"second_place": "Heol y Felin", "polygons": "51.5,-0.1 51.6,-0.1 51.6,-0.2 51.5,-0.1"}
    publisher.post("/emergency/messages/new/", {**data, "send": "1"})
    first = EmergencyMessage.objects.get()
    publisher.post("/emergency/messages/new/", {**form_of(publisher, "?kind=update"), "second_place": "X", "send": "1"})
    publisher.post("/emergency/messages/new/", {**form_of(publisher, "?kind=cancel"), "second_place": "X", "send": "1"})
    alerts = [
        cap.read(publisher.get(f"/emergency/messages/{one.key}/cap/").content)
        for one in EmergencyMessage.objects.order_by("pk")
    ]
    assert [one.msg_type for one in alerts] == ["Alert", "Update", "Cancel"]
    assert [cap.problems(one) for one in alerts] == [[], [], []]
    assert alerts[2].references == (alerts[1].reference, alerts[0].reference)
    assert [info.language for info in alerts[0].infos] == ["en", "cy"]
    assert alerts[0].sender == "warnings-@-fernhill"
    assert alerts[0].status == "Actual"
    settings.PRACTICE = True
    exported = cap.read(publisher.get(f"/emergency/messages/{first.key}/cap/").content)
    assert exported.status == "Exercise"


def test_the_plan_is_the_managers_to_change(publisher: Client) -> None:
    client, manager = at("manager")
    data = {"source": "Fernhill", "update_minutes": "30", "second_language": "cy", "version": "1"}
    assert client.post("/emergency/plan/set/", data).status_code == 302
    assert client.post("/emergency/plan/set/", data).status_code == 409
    assert EmergencyPlan.here().second_language == "cy"
    assert "have a speaker check" in words(client.get("/emergency/plan/"))
    chief = make_user("administrator")
    client.post("/emergency/plan/issuers/add/", {"user": str(manager.key), "fallback": "on"})
    issuer = Issuer.objects.get()
    (told,) = Notification.objects.filter(user=chief)
    assert told.words.endswith("chose themselves to issue emergency messages; they need no sign-off.")
    assert "fallback" in words(publisher.get("/emergency/plan/"))
    client.post(f"/emergency/plan/issuers/{issuer.pk}/end/")
    assert not Issuer.objects.current(clock.now()).exists()
    assert client.post("/emergency/plan/issuers/add/", {"user": str(uuid4())}).status_code == 422


def test_somebody_on_the_list_may_switch_and_speak_whatever_their_role(publisher: Client) -> None:
    client, officer = at("officer")
    assert client.post("/emergency/switch-on/", {"reason": "A flood"}).status_code == 403
    Issuer.objects.create(user=officer, starts_at=clock.now() - timedelta(hours=1))
    switch(client)
    assert client.get("/emergency/messages/new/?hazard=flood").status_code == 200
    assert publisher.get("/emergency/messages/new/?hazard=flood").status_code == 403
