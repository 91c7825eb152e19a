"""The voice as the town's own: read by all, changed in versions by those who may, kept to by the checks at once."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import AuditEntry
from accounts.refusals import LostRace, NotAllowed
from policy import checks, listing, voice
from policy.checks.house import Entry
from policy.models import Position, Voice
from policy.profile import Changes, Off, as_json, of_json, shipped
from tests.factories import NOON, make_town, make_user
from tests.factories_voice import change_voice, make_position

pytestmark = pytest.mark.django_db
PAGES = ("voice/", "voice/versions/", "words/", "words/banned/", "words/contacts/", "checks/", "positions/")


@pytest.fixture(autouse=True)
def town(monkeypatch):
    monkeypatch.setattr("accounts.clock.now", lambda: NOON)
    return make_town(zone="Europe/London")


def signed_in(role: str = "manager") -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def said(text: str, **where: object) -> set[str]:
    context = checks.Context(house=voice.house("post"), **where)
    return {one.rule for one in checks.check(checks.Draft(text), context)}


@pytest.mark.parametrize("path", PAGES)
def test_everybody_reads_the_voice_and_only_those_who_may_are_offered_to_change_it(path):
    make_position()
    reader, manager = signed_in("contributor"), signed_in("manager")
    shown = reader.get(f"/policy/{path}").content.decode()
    assert "Save as a new version" not in shown
    assert "Save V01" not in shown
    assert manager.get(f"/policy/{path}").status_code == 200


def test_the_shipped_profile_is_whole_and_comes_back_from_its_document_as_it_was():
    held = shipped()
    assert 3 <= len(held.traits) <= 5
    assert all(rule in checks.RULES for trait in held.traits for rule in trait.rules)
    assert of_json(as_json(held)) == held


def test_a_changed_profile_is_a_version_that_is_never_changed_again():
    client = signed_in()
    page = client.get("/policy/voice/change/")
    form = {f"{one.html_name}": one.value() if one.value() is not None else "" for one in page.context["form"]}
    for forms in (page.context["traits"], page.context["examples"]):
        form |= {one.html_name: one.value() for one in forms.management_form}
        form |= {one.html_name: one.value() or "" for row in forms for one in row}
    form |= {"trait-0-name": "Plain", "remark": "We call it plain", "told_ai": "This picture was made by a machine."}
    few = client.post("/policy/voice/change/", form | {f"trait-{n}-name": "" for n in range(3)})
    assert "at least three traits" in few.content.decode()
    assert client.post("/policy/voice/change/", form).status_code == 302
    made = Voice.objects.get()
    assert (made.n, made.remark) == (1, "We call it plain")
    assert voice.current().profile.traits[0].name == "Plain"
    assert voice.current().profile.disclosures["ai"].endswith("machine.")
    assert AuditEntry.objects.filter(act="changed_voice").exists()
    assert "We call it plain" in client.get("/policy/voice/versions/").content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        Voice.objects.update(remark="Something else")


def test_two_who_change_the_voice_at_once_do_not_overwrite_each_other():
    change_voice(contacts=("01632 960100",))
    with pytest.raises(LostRace, match="colleague"):
        voice.change(shipped().but(contacts=("x",)), 0, "Late", by=make_user("manager"), now=NOON)


def test_who_may_not_change_the_voice_is_refused():
    with pytest.raises(NotAllowed):
        change_voice(by=make_user("publisher"), contacts=("x",))
    assert signed_in("publisher").post("/policy/words/banned/change/", {"text": "x", "version": 0}).status_code == 403


def test_a_word_of_the_towns_own_is_found_and_one_that_is_taken_out_is_not():
    client = signed_in()
    text = listing.text_of(shipped(), "banned") + "\ngoing the extra mile => doing more | A worn phrase."
    answer = client.post("/policy/words/banned/change/", {"text": text, "version": 0})
    assert answer.status_code == 302, answer.content.decode()
    assert "V01" in said("We are going the extra mile for you.")
    assert voice.current().profile.lists["banned"].removed == ()
    client.post("/policy/words/banned/change/", {"text": listing.text_of(shipped(), "banned"), "version": 1})
    assert "V01" not in said("We are going the extra mile for you.")
    assert "banned" not in voice.current().profile.lists


def test_a_list_that_cannot_be_read_is_refused_and_what_was_typed_stays():
    answer = signed_in().post("/policy/words/banned/change/", {"text": "good\n=> nothing", "version": 0})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Line 2 cannot be read" in shown
    assert "=&gt; nothing" in shown


def test_lists_go_out_as_text_and_come_back_the_same():
    change_voice(contacts=("01632 960100",), acronyms=Changes((Entry("FHC"),), ("AGM",)))
    client = signed_in()
    text = client.get("/policy/words/export.txt").content.decode()
    held = voice.current().profile
    assert listing.bring_in(shipped(), text)[0] == held.but(traits=shipped().traits)
    change_voice(contacts=(), acronyms=Changes())
    file = SimpleUploadedFile("words.txt", text.encode())
    assert client.post("/policy/words/import/", {"file": file, "version": 2}).status_code == 302
    assert voice.current().profile.contacts == ("01632 960100",)
    assert "FHC" in voice.house().acronyms
    assert "AGM" not in voice.house().acronyms
    wrong = client.post("/policy/words/import/", {"file": SimpleUploadedFile("x", b"## nonsense\nx"), "version": 3})
    assert wrong.status_code == 422
    assert "no list called" in wrong.content.decode()


def test_a_rule_is_switched_off_only_with_a_reason_that_everybody_can_read():
    client = signed_in()
    off = {"level": "", "off": "on", "reason": "", "version": 0}
    refused = client.post("/policy/checks/A20/", off)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    off |= {"number_capitals": 4}
    assert client.post("/policy/checks/A20/", off | {"reason": "Our posters shout."}).status_code == 302
    assert "A20" not in said("This is VERY good.")
    assert "Our posters shout." in signed_in("contributor").get("/policy/checks/").content.decode()
    assert voice.current().profile.off == {"A20": Off("Our posters shout.")}
    back = {"level": "must", "reason": "", "number_capitals": 4, "version": 1}
    assert client.post("/policy/checks/A20/", back).status_code == 302
    [found] = [
        one for one in checks.check(checks.Draft("VERY good"), checks.Context(house=voice.house())) if one.rule == "A20"
    ]
    assert found.level == "must"


def test_what_the_platform_refuses_cannot_be_switched_off():
    form = {"level": "", "off": "on", "reason": "We like it long", "version": 0}
    assert signed_in().post("/policy/checks/L2/", form).status_code == 422


def test_trying_the_checks_says_what_they_find_and_keeps_nothing():
    form = {"text": "Share if you agree! #binday", "kind": "post", "situation": "emergency"}
    shown = signed_in("contributor").post("/policy/checks/try/", form).content.decode()
    assert "#binday" in shown
    assert "hashtag binday" in shown
    assert not AuditEntry.objects.exists()


def test_a_changed_position_ends_the_old_one_and_the_checks_keep_to_it():
    held = make_position(subject="Incinerator", words=("incinerator",), never=("the decision is made",))
    assert "V13" in said("On the incinerator: the decision is made.")
    client = signed_in()
    form = {
        "subject": "Incinerator",
        "says": "It is decided in June.",
        "words": "incinerator",
        "never": "it is certain",
    }
    assert client.post(f"/policy/positions/{held.key}/", form).status_code == 302
    held.refresh_from_db()
    assert held.ends_at == NOON
    assert Position.objects.get(ends_at=None).never == ["it is certain"]
    assert "V13" in said("It is certain that the incinerator comes.")
    now = Position.objects.get(ends_at=None)
    assert client.post(f"/policy/positions/{now.key}/end/").status_code == 302
    assert "V13" not in said("It is certain that the incinerator comes.")
    twice = client.post("/policy/positions/new/", form | {"subject": "Bins"})
    assert twice.status_code == 302
    assert client.post("/policy/positions/new/", form | {"subject": "bins"}).status_code == 422
