"""A place or an account is typed once: each list offers what the other one knows, and takes nothing over by itself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from engagement import offering
from engagement.models import Place, PublicVoice, Relationship
from tests.factories import NOON, make_channel, make_user
from tests.factories_listening import make_hit, make_voice, make_watch
from tests.factories_promises import make_place
from tests.factories_relations import make_relationship

pytestmark = pytest.mark.django_db


def test_a_watch_begins_with_the_names_of_a_place_on_the_list(client: Client):
    place = make_place("Mill Road", "Miln Road")
    client.force_login(make_user("manager"))
    assert f"?place={place.key}" in client.get(reverse("issues:places")).content.decode()
    form = client.get(reverse("listening:new-watch"), {"place": str(place.key)}).context["form"]
    assert (form["kind"].value(), form["name"].value()) == ("place", "Mill Road")
    assert form["names"].value().splitlines() == ["Mill Road", "Miln Road"]


@pytest.mark.parametrize("said", ["", "nothing", "6c5d0d3e-0000-4000-8000-000000000000"])
def test_a_place_that_is_not_there_begins_nothing(said: str):
    assert offering.watch_on(said) == {}
    assert offering.relationship_with(said) == {}


def test_the_list_of_places_offers_what_watches_name_and_takes_it_with_one_press(client: Client):
    make_place("High Street")
    make_watch("High St", kind="place", name="The high street")  # known, by its short form
    make_watch("The Old Mill", "Toon Mill", kind="location", name="Old mill")
    make_watch("Bins", name="Bins")  # a topic is no place
    client.force_login(make_user("manager"))
    page = client.get(reverse("issues:places"))
    assert [(one.name, one.others) for one in page.context["watched"]] == [("The Old Mill", ["Toon Mill"])]
    client.post(reverse("issues:add-place"), {"name": "The Old Mill", "others": "Toon Mill\n"})
    assert Place.objects.get(name="The Old Mill").other_names == ["Toon Mill"]
    assert client.get(reverse("issues:places")).context["watched"] == []


def test_public_voices_offer_the_accounts_of_organisations_and_never_of_private_individuals(client: Client):
    bank = make_relationship("Food bank", handles=[("x", "foodbank")], about="Registered charity")
    make_relationship("Ada Byrne", kind="person", basis="Agreed on 1 May", handles=[("x", "adabyrne")])
    make_relationship("Library friends", kind="group", handles=[("x", "friends")])
    make_voice("friends")
    client.force_login(make_user("manager"))
    page = client.get(reverse("listening:voices"))
    assert [row.relationship for row in page.context["known"]] == [bank]
    form = client.get(reverse("listening:voices"), {"account": str(page.context["known"][0].pk)}).context["form"]
    asked = {name: form[name].value() for name in ("name", "kind", "handle", "why")}
    assert asked == {"name": "Food bank", "kind": "organisation", "handle": "@foodbank", "why": "Registered charity"}
    assert PublicVoice.objects.count() == 1  # nobody is listed by being offered


def test_a_relationship_begins_with_what_is_known_of_a_public_voice(client: Client):
    voice, known = make_voice("fernhilllibrary", name="Library"), make_voice("foodbank", name="Food bank")
    make_relationship("Food bank", handles=[("mastodon", "foodbank@social.example"), ("x", "foodbank")])
    make_hit(make_channel("facebook"), author_handle="@fernhilllibrary")
    client.force_login(make_user("publisher"))
    assert offering.voices_without_relationship() == [voice]
    page = client.get(reverse("listening:voices")).content.decode()
    assert (f"?voice={voice.key}" in page, f"?voice={known.key}" in page) == (True, False)
    form = client.get(reverse("inbox:new-relationship"), {"voice": str(voice.key)}).context["form"]
    assert (form["name"].value(), form["handles"].value()) == ("Library", "facebook @fernhilllibrary")
    assert not Relationship.objects.filter(name="Library").exists()


def test_a_watch_that_ended_offers_nothing():
    user = make_user("manager")
    watch = make_watch("The Old Mill", kind="place")
    assert offering.places_of_watches(user, NOON)
    type(watch).objects.update(state="ended")
    assert offering.places_of_watches(user, NOON) == []
