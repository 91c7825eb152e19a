"""A channel's case, its kit, its opening, its line in the key register, and the work it makes."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts import audit, leaving
from accounts.models import NativeRole, User
from accounts.refusals import IllegalMove, Invalid
from channels_app import cases, connecting, key_register, kit, outbox, staffing
from channels_app.models import Channel, Papers
from policy.models import Objective
from tests.factories import NOON, make_channel, make_delivery, make_town, make_user
from tests.factories_people import make_native_role
from tests.stage import Stage, live

pytestmark = pytest.mark.django_db
KIT = ["bio", "link", "kit_rules", "contact", "kit_promise", "kit_access"]


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def objective() -> Objective:
    return Objective.objects.create(
        sentence="Answer every resident within a day",
        owner=make_user("manager"),
        measure="answered_in_time",
        target=90,
        target_on=date(2027, 6, 1),
    )


def answers(who: User, **other: Any) -> dict[str, Any]:
    return {
        "audience": "Six in ten households, spring survey.",
        "objective": objective(),
        "owner": who,
        "weekly_hours": Decimal("4.0"),
        "moderation": "Tom on weekdays.",
        "exit_plan": "Two months' notice.",
    } | other


def in_preparation(**facts: Any) -> Channel:
    make_town(zone="UTC")
    return make_channel(in_preparation=True, name="Fernhill on Mastodon", **facts)


# --- the case --------------------------------------------------------------------------------------------------------


def test_a_channel_that_is_connected_is_in_preparation_and_one_that_was_there_before_stays_open() -> None:
    new = connecting.connect("mastodon", "", {"access_token": "abc"}, by=make_user("administrator"), now=NOON)
    assert new.in_preparation
    assert not make_channel().in_preparation


@pytest.mark.parametrize("field", list(cases.ANSWERS))
def test_without_any_one_of_the_six_answers_it_cannot_be_opened(field: str) -> None:
    channel, boss = in_preparation(), make_user("manager")
    kit.tick(channel, KIT, "All done.", by=boss, now=NOON)
    cases.write(channel, answers(boss, **{field: None if field in {"objective", "owner", "weekly_hours"} else " "}),
                by=boss, now=NOON)  # fmt: skip
    with pytest.raises(IllegalMove) as refused:
        cases.open_channel(channel, by=boss, now=NOON)
    assert refused.value.next_step == f"The case lacks: {cases.ANSWERS[field]}."
    assert Channel.objects.get().in_preparation


def test_one_thing_of_the_kit_that_is_not_done_keeps_it_from_being_ready() -> None:
    channel, boss = in_preparation(), make_user("manager")
    cases.write(channel, answers(boss), by=boss, now=NOON)
    kit.tick(channel, KIT[:-1], "All but one.", by=boss, now=NOON)
    with pytest.raises(IllegalMove) as refused:
        cases.open_channel(channel, by=boss, now=NOON)
    assert refused.value.next_step == "The kit lacks: Accessibility settings."


def test_from_an_empty_case_to_the_first_post_through_the_pages(stage: Stage) -> None:
    channel, boss = in_preparation(), make_user("manager", name="Dev Patel")
    waits = make_delivery(channel=channel, late_minutes=None)
    assert live(waits, NOON).state == "blocked"
    assert "not opened yet" in waits.why_words
    desk, address = seat(boss), f"/channels/{channel.key}/"
    page = text_of(desk.get(f"{address}case/"))
    assert "The case lacks: Audience evidence, Objective, Owner, Hours, Moderation cover, Exit plan." in page
    assert "Open the channel for posts" not in page
    refused = desk.post(f"{address}open/")
    assert "This channel is not ready." in text_of(refused)
    given = answers(boss)
    sent = given | {"objective": given["objective"].pk, "owner": str(boss.key), "weekly_hours": "4.0"}
    half = text_of(desk.post(f"{address}case/write/", sent | {"exit_plan": ""}, follow=True))
    assert "The case lacks: Exit plan." in half
    assert "Six in ten households" in half
    desk.post(f"{address}case/write/", sent)
    desk.post(f"{address}case/kit/", {"items": KIT, "note": "Set up with Tom."})
    page = text_of(desk.get(f"{address}case/"))
    assert "The case and the kit are complete." in page
    assert "Open the channel for posts" in page
    assert "is open" in text_of(desk.post(f"{address}open/", follow=True))
    assert live(waits, NOON + timedelta(minutes=2)).state == "published"
    told = list(audit.history_of(channel).values_list("act", flat=True))
    assert {"wrote_case", "ticked_kit", "opened_channel"} <= set(told)
    assert "Dev Patel opened it" in text_of(desk.get(address))


def test_answers_and_emergencies_do_not_wait_for_papers(stage: Stage) -> None:
    channel = in_preparation()
    reply = make_delivery(channel=channel, kind="reply")
    flood = make_delivery(channel=channel, priority=outbox.EMERGENCY)
    assert live(reply, NOON, NOON).state == "published"
    assert live(flood, NOON).state == "published"


def test_a_post_that_missed_its_moment_before_the_opening_asks_a_person(stage: Stage) -> None:
    channel = in_preparation()
    waits = live(make_delivery(channel=channel), NOON)
    Channel.objects.update(in_preparation=False)
    assert live(waits, NOON + timedelta(hours=2)).state == "missed"


def test_the_case_can_be_taken_along_whole() -> None:
    channel, boss = in_preparation(), make_user("manager", name="Dev Patel")
    cases.write(channel, answers(boss, exit_plan=""), by=boss, now=NOON)
    kit.tick(channel, ["bio"], "Names the town.", by=boss, now=NOON)
    answer = seat(make_user("officer")).get(f"/channels/{channel.key}/case/text.md")
    words = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/markdown")
    assert words.startswith("# Case for Fernhill on Mastodon\n")
    for line in ("## Hours\n\n4.0 hours a week", "## Exit plan\n\n*Not settled yet.*", "- [ ] House rules",
                 "- [x] Profile text: Names the town. (18 November 2026, Dev Patel)"):  # fmt: skip
        assert line in words


def test_a_wrong_form_keeps_what_was_entered_and_says_what_is_wrong() -> None:
    channel = in_preparation()
    desk = seat(make_user("manager"))
    answer = desk.post(f"/channels/{channel.key}/case/write/", {"weekly_hours": "-1", "audience": "The whole valley"})
    assert answer.status_code == 422
    assert "The whole valley" in answer.content.decode()
    answer = desk.post(f"/channels/{channel.key}/case/kit/", {"note": "Nearly"})
    assert (answer.status_code, "Tick at least one thing." in text_of(answer)) == (422, True)
    assert not Papers.objects.exists()


def test_the_kit_is_made_for_the_network_and_from_the_objective() -> None:
    town = make_town(zone="UTC")
    x, mastodon = make_channel("x"), make_channel("mastodon", purpose="broadcast")
    items = {one.key: one for one in kit.items_of(x, town, Papers(channel=x, objective=objective()))}
    other = {one.key: one for one in kit.items_of(mastodon, town, Papers(channel=mastodon))}
    assert items["bio"].text == "The account of Fernhill. Answer every resident within a day."
    assert items["kit_access"].look_for != other["kit_access"].look_for
    assert other["kit_promise"].look_for == "Nobody is answered here: this account only warns."
    with pytest.raises(Invalid):
        kit.tick(x, ["kit_nothing"], "x", by=make_user("manager"), now=NOON)


# --- work and hours --------------------------------------------------------------------------------------------------


def test_another_network_without_more_hours_is_over_capacity() -> None:
    make_town(zone="UTC")
    old, new, boss = make_channel(name="Old"), make_channel("x", name="New"), make_user("manager")
    for n in range(16):
        make_delivery("published", channel=old, published_at=NOON - timedelta(days=n + 1))
    cases.write(old, {"weekly_hours": Decimal(4)}, by=boss, now=NOON)
    assert staffing.load_of(new, NOON).words == ""
    cases.write(new, {"weekly_hours": Decimal(0)}, by=boss, now=NOON)
    by_name = {one.channel.name: one for one in staffing.loads([old, new], NOON)}
    assert (by_name["Old"].needs, by_name["Old"].over) == (Decimal("3.0"), False)
    assert by_name["New"].needs == Decimal("3.0")
    assert by_name["New"].words == (
        "Over capacity: New on X takes about 3 hours a week (4 posts at 45 minutes and 0 answers at 12, "
        "at least 2), and none are kept for it."
    )


@pytest.mark.parametrize(("posts", "replies", "hours"), [(0, 0, "2.0"), (4, 0, "3.0"), (4, 10, "5.0")])
def test_hours_are_made_of_posts_and_answers(posts: int, replies: int, hours: str) -> None:
    assert staffing.needs(posts, replies) == Decimal(hours)


# --- the key register ------------------------------------------------------------------------------------------------


def kept(channel: Channel, owner: User) -> None:
    facts = {"owner": owner, "recovery": "comms@fernhill.example", "second_factor": "Folder 7"}
    cases.write(channel, facts | {"second_factor_on": date(2026, 6, 1)}, by=owner, now=NOON, act="kept_keys")


def test_an_account_with_one_administrator_is_red_and_with_two_is_well() -> None:
    channel, boss = make_channel("facebook", name="Fernhill", handle="@fernhill"), make_user("administrator")
    kept(channel, boss)

    def problems() -> list[str]:
        return key_register.lines([channel], NOON)[0].problems

    assert problems() == ["No administrator on the network is noted."]
    make_native_role(boss, network="facebook", handle="Fernhill")
    assert problems() == ["Only one administrator there."]
    gone = make_user("officer")
    make_native_role(gone, network="Facebook", handle="fernhill")
    make_native_role(make_user("officer"), network="Facebook", handle="Another page")
    make_native_role(make_user("officer"), network="Facebook", handle="Fernhill", kind="editor")
    assert problems() == []
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert problems() == ["Only one administrator there."]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"owner": None}, "Nobody answers for it."),
        ({"recovery": ""}, "No way to get it back is written down."),
        ({"second_factor": ""}, "Nothing shows that it asks for a second factor."),
        ({"second_factor_on": date(2025, 6, 1)}, "The second factor was last seen over a year ago."),
    ],
)
def test_each_thing_that_could_lock_the_town_out_is_named(facts: dict[str, Any], words: str) -> None:
    channel, boss = make_channel("facebook", handle="@fernhill"), make_user("administrator")
    kept(channel, boss)
    for user in (boss, make_user("manager")):
        make_native_role(user, network="Facebook", handle="@Fernhill")
    cases.write(channel, facts, by=boss, now=NOON)
    assert key_register.lines([channel], NOON)[0].problems == [words]


def test_a_shared_password_is_named() -> None:
    channel = make_channel("x", handle="@fernhill")
    make_native_role(make_user("officer"), network="X", handle="@fernhill", kind="password")
    assert "A password is shared; let each person in by name." in key_register.lines([channel], NOON)[0].problems


def test_the_register_is_kept_on_its_page_and_taken_along_as_a_table() -> None:
    make_town(zone="UTC")
    channel, boss = make_channel("x", name="Fernhill", handle="@fernhill"), make_user("administrator", name="Inge")
    desk = seat(boss)
    assert "1 of 1 has something to settle" in text_of(desk.get("/channels/keys/"))
    address = f"/channels/{channel.key}/keys/"
    sent = {"owner": str(boss.key), "recovery": "=cmd|' /C calc'!A0", "second_factor": "Folder 7"}
    wrong = desk.post(address, sent)
    assert (wrong.status_code, "Say on which day it was seen." in text_of(wrong)) == (422, True)
    assert "Folder 7" in wrong.content.decode()
    desk.post(address, sent | {"second_factor_on": "2026-11-01"})
    assert 'value="2026-11-01"' in desk.get(address).content.decode()
    for user in (boss, make_user("manager", name="Dev")):
        desk.post(f"{address}administrator/", {"who": str(user.key), "kind": "administrator"})
    assert NativeRole.objects.filter(network="X", handle="@fernhill").count() == 2
    assert "Everything is settled" in text_of(desk.get("/channels/keys/"))
    table = desk.get("/channels/keys/table.csv").content.decode()
    assert "Inge, Dev" in table
    assert "'=cmd" in table
    assert audit.history_of(channel).filter(act="kept_keys").count() == 1


def test_the_leavers_list_is_made_from_the_register() -> None:
    leaver, boss, other = (
        make_user("officer", name="Petra"),
        make_user("administrator"),
        make_user("manager", name="Dev"),
    )
    for handle in ("@two", "@one", "@known"):
        make_channel("x", name=handle.lstrip("@"), handle=handle)
    make_channel("x", name="unknown", handle="@unknown")
    for user, handle in ((leaver, "@two"), (other, "@two"), (boss, "@two"), (leaver, "@one"), (other, "@one"),
                         (boss, "@known"), (other, "@known")):  # fmt: skip
        make_native_role(user, network="X", handle=handle)
    cases.write(Channel.objects.get(name="known"), {"owner": leaver}, by=boss, now=NOON)
    tasks = {one.words for one in leaving.rehearse(leaver, by=boss, now=NOON).tasks.all()}
    assert {words for words in tasks if " on X" in words and "@" not in words} == {
        "Find a second administrator for one on X: then only Dev gets in.",
        "Name who answers for known on X from now on: it was Petra.",
        "Look on X who manages unknown: is Petra among them?",
    }
    assert {"Remove Petra as administrator of @two on X.", "Remove Petra as administrator of @one on X."} <= tasks
