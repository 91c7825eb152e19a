"""Promises and issues as people meet them: one press beside the words, nothing lost, the same without JavaScript."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from channels_app.models import Channel
from engagement import gathering, issues, leaving, promising, tasks, wording
from engagement.models import AlertRule, Issue, Message, NoPromise, Place, Promise, Reply
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import make_conversation, make_incoming, receive
from tests.factories_people import WORDS
from tests.factories_promises import make_issue, make_place, make_promise
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FRAGMENT = {"HX-Request": "true"}
SAID = "We will mend it within 30 days."


@pytest.fixture
def now():
    make_town(zone="Europe/London")
    return clock.now().replace(microsecond=0)


@pytest.fixture
def channel(scripted: Scripted, now) -> Channel:
    return make_channel(name="Fernhill Council")


@pytest.fixture
def officer(channel) -> User:
    return make_user("officer", name="Dana Whitlock", password=WORDS)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


@pytest.fixture
def asked(channel, now):
    return make_conversation(channel, "The lamp is broken, when is it mended?", at=now - HOUR)


def at(name: str, thing) -> str:
    return reverse(name, args=[thing.key])


def body(answer) -> str:
    return answer.content.decode()


def typed(desk, asked, text: str = SAID) -> str:
    """What comes back while one types."""
    answer = desk.post(at("inbox:draft", asked), {"text": text}, headers=FRAGMENT)
    assert answer.status_code == 200
    return body(answer)


def pressed(desk, asked, officer, text: str = SAID, headers=None, **changed):
    fields = {"text": text, "caught": "0", "c0-quote": text, "c0-what": text, "c0-owner": str(officer.key)}
    fields["c0-due_on"] = (promising.today_of(clock.now()) + 30 * DAY).isoformat()
    return desk.post(at("promises:catch", asked), {**fields, **changed}, headers=headers or FRAGMENT)


def test_what_the_words_promise_is_offered_beside_them_with_its_day(desk, asked, now):
    said = typed(desk, asked)
    day = promising.today_of(now) + 30 * DAY
    assert "This promises something" in said
    assert f'value="{day.isoformat()}"' in said
    assert "This promises" not in typed(desk, asked, "Thank you for telling us.")


def test_one_press_writes_it_down_and_the_answer_may_go(desk, asked, officer):
    answer = pressed(desk, asked, officer)
    assert answer.status_code == 200
    row = Promise.objects.get()
    assert (row.what, row.owner, row.reply.text, row.public) == (SAID, officer, SAID, True)
    assert "Promised by" in body(answer)
    pressed(desk, asked, officer)
    assert Promise.objects.count() == 1
    assert desk.post(at("inbox:reply", asked), {"text": SAID}, headers=FRAGMENT).status_code == 200
    assert Reply.objects.get().state == "released"


def test_without_it_the_answer_is_stopped(desk, asked):
    answer = desk.post(at("inbox:reply", asked), {"text": SAID}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "commits us to" in body(answer)


def test_the_words_can_be_changed_before_they_are_promised(desk, asked, officer):
    other = make_user("manager", name="Dev Patel")
    day = promising.today_of(clock.now()) + 12 * DAY
    pressed(desk, asked, officer, **{"c0-what": "The lamp works", "c0-owner": str(other.key), "c0-due_on": str(day)})
    row = Promise.objects.get()
    assert (row.what, row.owner, row.due_on, row.quote) == ("The lamp works", other, day, SAID)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"c0-due_on": ""}, "Say by which day."),
        ({"c0-due_on": "soon"}, "Enter a day"),
        ({"c0-due_on": "2020-01-01"}, "That day has passed."),
        ({"c0-what": " "}, "Say what is promised."),
        ({"c0-owner": "nobody"}, "Choose somebody from the list."),
    ],
)
@pytest.mark.parametrize("headers", [FRAGMENT, {"Accept": "text/html"}])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk, asked, officer, changed, said, headers):
    answer = pressed(desk, asked, officer, headers=headers, **{"c0-what": "My own words", **changed})
    assert answer.status_code == 422
    assert said in body(answer)
    assert changed.get("c0-what") or "My own words" in body(answer)
    assert wording.draft_of(asked, officer).text == SAID
    assert not Promise.objects.exists()


def test_one_press_declines_it_and_it_is_not_offered_again(desk, asked):
    fields = {"text": SAID, "no_promise": "0", "c0-quote": SAID}
    assert desk.post(at("promises:decline", asked), fields, headers=FRAGMENT).status_code == 200
    assert NoPromise.objects.count() == 1
    assert "This promises something" not in typed(desk, asked)
    assert "This promises something" in typed(desk, asked, "We will mend it within 12 days.")


def test_a_promise_is_made_by_hand_joined_and_seen_beside_the_conversation(desk, asked, channel, officer, now):
    assert desk.get(at("promises:new", asked)).status_code == 200
    day = promising.today_of(now) + 5 * DAY
    fields = {"what": "The lamp works", "due_on": day, "owner": officer.key, "public": "on"}
    assert desk.post(at("promises:new", asked), fields).status_code == 302
    row = Promise.objects.get()
    other = make_conversation(channel, "Lamp still out", at=now - MINUTE)
    assert "The lamp works" in body(desk.get(at("promises:new", other)))
    assert desk.post(at("promises:join", other), {"promise": str(row.key)}).status_code == 302
    assert row.reports.count() == 2
    assert "The lamp works" in body(desk.get(at("inbox:conversation", other)))
    missing = desk.post(at("promises:new", asked), {"what": "Half typed"})
    assert missing.status_code == 422
    assert "Half typed" in body(missing)


def test_the_page_of_a_promise_takes_it_from_another_day_to_its_end(desk, asked, officer, now):
    row = make_promise(asked, by=officer, now=now, due_on=promising.today_of(now) + 3 * DAY)
    later = promising.today_of(now) + 9 * DAY
    refused = desk.post(at("promises:re-date", row), {"due_on": later, "reason": ""})
    assert refused.status_code == 422
    assert "Say why it is another day." in body(refused)
    assert desk.post(at("promises:re-date", row), {"due_on": later, "reason": "Rain"}).status_code == 302
    assert "Rain" in body(desk.get(at("promises:promise", row)))
    assert desk.get(at("desk:post-the-fix", row)).status_code == 409
    assert desk.post(at("promises:keep", row), {"closing": ""}).status_code == 422
    assert desk.post(at("promises:keep", row), {"closing": "It works. Thank you."}).status_code == 302
    again = desk.post(at("promises:keep", row), {"closing": "Once more"})
    assert again.status_code == 422
    assert "kept already by Dana Whitlock" in body(again)
    assert "Once more" in body(again)
    assert "Send my 1 closing answer" in body(desk.get(at("promises:promise", row)))
    desk.post(at("promises:send", row))
    desk.post(at("promises:send", row))
    assert list(Reply.objects.values_list("state", flat=True)) == ["released"]


def test_a_kept_promise_opens_the_composer_with_the_fix_filled_in(desk, asked, officer, now):
    row = make_promise(asked, by=officer, now=now, due_on=promising.today_of(now), what="The lamp works")
    promising.end(row, "kept", by=officer, now=now, closing="It works.")
    answer = desk.get(at("desk:post-the-fix", row))
    assert answer.status_code == 302
    assert "kind=fix" in answer["Location"]
    composer = body(desk.get(answer["Location"]))
    assert "You told us, and it is done: The lamp works." in composer
    Promise.objects.update(public=False)
    assert desk.get(at("desk:post-the-fix", row)).status_code == 409


def test_broken_and_withdrawn_say_why(desk, channel, officer, now):
    for act, state in (("break", "broken"), ("withdraw", "withdrawn")):
        row = make_promise(
            make_conversation(channel, at=now - HOUR), by=officer, now=now, due_on=promising.today_of(now)
        )
        assert desk.post(at(f"promises:{act}", row), {"reason": " "}).status_code == 422
        assert desk.post(at(f"promises:{act}", row), {"reason": "The maker is gone"}).status_code == 302
        row.refresh_from_db()
        assert row.state == state
        assert "The maker is gone" in body(desk.get(at("promises:promise", row)))


def test_the_list_has_tabs_filters_a_rate_and_numbers_that_open_their_rows(desk, channel, officer, now):
    today = promising.today_of(now)
    assert "Nothing is promised" in body(desk.get("/promises/"))
    for ago, how in ((10, "kept"), (10, "broken"), (10, ""), (-3, "")):
        then = now - timedelta(days=ago + 1)
        home = make_conversation(channel, at=now - HOUR)
        row = make_promise(home, by=officer, now=min(then, now), due_on=today - ago * DAY, what=f"Lamp {how} {ago}")
        if how:
            promising.end(row, how, by=officer, now=now - ago * DAY, reason="x", closing="It works.")
    page = body(desk.get("/promises/"))
    assert "Lamp -3" in page
    assert "33 %" in page
    assert "Lamp kept" not in page
    assert "Lamp 10" in body(desk.get("/promises/?tab=overdue"))
    for link in re.findall(r'<td class="number"><a href="([^"]+)">(\d+)</a>', page):
        found = body(desk.get(link[0].replace("&amp;", "&")))
        assert found.count('class="row-link"') == int(link[1])
    sheet = desk.get("/promises/promises.csv?all=1")
    assert sheet.status_code == 200
    assert body(sheet).count("Lamp ") == 4
    assert desk.get(f"/promises/?owner={officer.key}&channel={channel.key}&public=no&week=nonsense").status_code == 200


def test_a_promise_on_another_channel_is_not_there(channel, now, client):
    row = make_promise(make_conversation(channel, at=now - HOUR), now=now, due_on=promising.today_of(now))
    client.force_login(make_user("officer", scope=make_channel().scope))
    assert client.get(at("promises:promise", row)).status_code == 404
    assert row.what not in body(client.get("/promises/"))


# --- issues


@pytest.fixture
def mill():
    return make_place("Mill Road")


def test_an_issue_is_followed_from_its_alert_to_its_end(desk, channel, officer, mill, now):
    for n in range(5):
        make_conversation(channel, "The lamp in Mill Road is broken", at=now - n * MINUTE)
    [issue] = gathering.gather(now + MINUTE)
    assert "Mill Road: something is not working" in body(desk.get("/inbox/issues/"))
    page = body(desk.get(at("issues:issue", issue)))
    assert "5 reports" in page
    assert desk.post(at("issues:say", issue), {"status": "The crew is there"}).status_code == 302
    home = issues.members(issue).first().conversation
    assert "The crew is there" in body(desk.get(at("inbox:conversation", home)))
    assert desk.post(at("issues:take-out", issue), {"conversation": str(home.key)}).status_code == 302
    assert desk.post(at("issues:add", home), {"issue": str(issue.key)}).status_code == 302
    day = promising.today_of(now) + DAY
    fields = {"what": "The lamps work", "due_on": day, "owner": officer.key, "public": "on"}
    assert desk.post(at("issues:promise", issue), fields).status_code == 302
    assert desk.post(at("issues:close", issue), {"why": "Done"}).status_code == 422
    assert desk.post(at("issues:close", issue), {"closing": "All lamps work."}).status_code == 302
    page = body(desk.get(at("issues:issue", issue)))
    assert "Send my 5 closing answers" in page
    assert "Write a post about it" in page
    desk.post(at("issues:send", issue))
    assert Reply.objects.filter(state="released").count() == 5


def test_an_issue_without_a_promise_offers_its_post_as_well(desk, officer, now, asked):
    issue = make_issue(asked, now=now)
    assert desk.get(at("desk:post-the-end", issue)).status_code == 409
    issues.close(issue, closing="The water is back.", by=officer, now=now)
    answer = desk.get(at("desk:post-the-end", issue))
    assert "The+water+is+back." in answer["Location"]
    assert desk.post(at("issues:draft", issue)).status_code == 302


def test_the_list_of_places_is_kept_by_a_manager(client, now):
    client.force_login(make_user("manager"))
    add = reverse("issues:add-place")
    assert client.post(add, {"name": "Mill Road", "others": "Miln Road\nMiln Road\n\nthe Mill"}).status_code == 302
    place = Place.objects.get()
    assert place.other_names == ["Miln Road", "the Mill"]
    twice = client.post(add, {"name": "mill road", "others": "Half typed"})
    assert twice.status_code == 422
    assert "of this name already" in body(twice)
    assert "Half typed" in body(twice)
    fields = {"name": "Mill Lane", "others": "", "version": place.version}
    assert client.post(at("issues:edit-place", place), fields).status_code == 302
    late = client.post(at("issues:edit-place", place), fields | {"name": "Mill Street"})
    assert late.status_code == 422
    assert "Mill Street" in body(late)
    assert client.post(at("issues:put-away-place", place)).status_code == 302
    assert "looked for no more" in body(client.get(reverse("issues:places")))
    assert "Mill Lane" not in body(client.get(reverse("issues:places")))


def test_places_are_read_from_a_table(client, now, tmp_path):
    client.force_login(make_user("manager"))
    where, path = reverse("issues:import-places"), tmp_path / "places.csv"
    path.write_bytes("Name;Also\nMühlweg;Muehlweg\nHigh Street\n".encode("cp1252"))
    with path.open("rb") as table:
        assert client.post(where, {"table": table}).status_code == 302
    assert list(Place.objects.values_list("name", "other_names")) == [("High Street", []), ("Mühlweg", ["Muehlweg"])]
    assert "Choose a file first." in body(client.post(where, {}))
    path.write_text("\n\n")
    with path.open("rb") as table:
        assert "There is no place in this file." in body(client.post(where, {"table": table}))


def test_the_thresholds_are_set_on_the_page(client, now):
    client.force_login(make_user("manager"))
    fields = {"reports": 3, "minutes": 60, "comments": 30, "people": 6, "within": 15}
    where = reverse("issues:set-thresholds")
    assert client.post(where, fields).status_code == 302
    assert AlertRule.objects.get().reports == 3
    refused = client.post(where, fields | {"reports": 1, "people": 77})
    assert refused.status_code == 422
    assert "Between 2 and 500." in body(refused)
    assert 'value="77"' in body(refused)


# --- what it is, and who helped


def test_a_kind_is_suggested_and_confirmed_with_one_press_and_criticism_offers_no_hiding(desk, channel, now):
    asked = make_conversation(channel, "Not good enough, you never answer.", at=now - HOUR)
    page = body(desk.get(at("inbox:conversation", asked)))
    assert "Yes, legitimate criticism" in page
    answer = desk.post(at("issues:sort", asked), {"kind": "criticism"}, headers=FRAGMENT)
    assert "Legitimate criticism" in body(answer)
    assert not re.search(r">\s*(Hide|Remove|Delete|Block)\b", body(answer))
    assert "Criticism (suggested)" in body(answer)
    angry = make_conversation(channel, "We know where you live", at=now - HOUR)
    desk.post(at("issues:sort", angry), {"kind": "abuse"})
    assert "The house rules in the policy" in body(desk.get(at("inbox:conversation", angry)))


def test_a_message_is_marked_as_support_and_unmarked(desk, channel, now):
    asked = make_conversation(channel, "Useless.", at=now - HOUR)
    first = Message.objects.get(conversation=asked)
    helper = receive(channel, make_incoming("Not so.", parent_id=first.remote_id, at=now - MINUTE))[0]
    for kind, shown in (("corrects", True), ("", False)):
        answer = desk.post(at("issues:mark", asked), {"message": helper.pk, "kind": kind}, headers=FRAGMENT)
        assert ('data-tone="good"' in body(answer).split("Not so.")[1].split("</article>")[0]) is shown
    other = make_conversation(channel, at=now - HOUR)
    assert desk.post(at("issues:mark", other), {"message": helper.pk, "kind": "corrects"}).status_code == 404
    assert Issue.objects.count() == 0


def test_trust_counts_promises_kept_and_residents_who_stood_up(client, desk, channel, officer, now):
    nothing = body(desk.get(reverse("desk:trust")))
    assert "No promise has fallen due in this time." in nothing
    assert "No thread was marked as critical in this time." in nothing
    asked = make_conversation(channel, "Useless.", at=now - HOUR)
    row = make_promise(asked, by=officer, now=now, due_on=promising.today_of(now))
    promising.end(row, "kept", by=officer, now=now, closing="It works.")
    desk.post(at("issues:sort", asked), {"kind": "rant"})
    found = body(desk.get(reverse("desk:trust")))
    assert "1 of 1 promises were kept" in found
    assert "In 0 of 1 critical threads" in found


def test_somebody_who_leaves_is_told_to_hand_their_promises_over(asked, officer, now):
    row = make_promise(asked, by=officer, now=now, due_on=promising.today_of(now))
    said = leaving.part(officer, officer, now, False)
    due = f"due {row.due_on.day} {row.due_on:%B}"
    assert said.to_do == [f"Find somebody who keeps this promise, {due}: “{row}”"]


def test_the_beat_asks_for_what_is_due(now, channel):
    make_place("Mill Road")
    for n in range(5):
        make_conversation(channel, "The lamp in Mill Road is broken", at=now - n * MINUTE)
    row = make_promise(make_conversation(channel, at=now - HOUR), now=now, due_on=promising.today_of(now))
    Promise.objects.update(nudge_at=now - MINUTE)
    tasks.gather_reports()
    tasks.chase_promises()
    row.refresh_from_db()
    assert (Issue.objects.count(), row.nudge_at > now) == (1, True)
