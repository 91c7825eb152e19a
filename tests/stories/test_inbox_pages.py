"""The inbox as people meet it: honest counts, nothing seen by strangers, and the same without JavaScript."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import User
from channels_app import outbox
from channels_app.models import Channel, Delivery
from engagement import handling, queue, rechecking
from engagement.models import Conversation, Message, Note, Reply
from engagement.queue import Wish
from tests.factories import make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, make_own, receive
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FRAGMENT = {"HX-Request": "true"}
POLL = FRAGMENT | {"X-Parley-Poll": "1"}


@pytest.fixture
def now():
    make_town()
    return clock.now().replace(microsecond=0)


@pytest.fixture
def channel(scripted: Scripted, now) -> Channel:
    return make_channel("mastodon", name="Fernhill Council")


@pytest.fixture
def officer(channel: Channel) -> User:
    return make_user("officer", name="Dana Whitlock")


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def address(conversation: Conversation, act: str = "conversation") -> str:
    return reverse(f"inbox:{act}", args=[conversation.key])


def page(desk: Client, path: str, **how) -> str:
    answer = desk.get(path, headers=how.get("headers", {}))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def hidden(body: str, name: str) -> str:
    return re.search(f'name="{name}" value="([^"]*)"', body).group(1)


def test_the_queue_shows_who_wrote_what_and_how_long_is_left(desk, channel, now):
    make_conversation(channel, "Is the pool open?", author_name="Ken Adeyemi", at=now - 20.5 * HOUR)
    body = page(desk, "/inbox/?tab=team")
    assert "Ken Adeyemi" in body
    assert "Is the pool open?" in body
    assert "3 h left" in body


def test_it_opens_with_mine_or_with_what_is_nobodys(desk, channel, officer, now):
    conversation = make_conversation(channel, at=now)
    assert 'aria-current="page">Unassigned' in page(desk, "/inbox/")
    handling.assign(conversation, officer, by=officer, now=now)
    assert 'aria-current="page">Mine' in page(desk, "/inbox/")


def test_counts_are_honest_and_stop_at_99(desk, channel, officer, now):
    receive(channel, *[make_incoming(at=now - n * MINUTE) for n in range(120)])
    handling.assign(Conversation.objects.first(), officer, by=officer, now=now)
    assert queue.counts(officer, now) == {
        "mine": "1",
        "unassigned": "99+",
        "team": "99+",
        "waiting": "0",
        "escalated": "0",
        "mentions": "99+",
    }


@pytest.mark.parametrize("sort", ["deadline", "priority", "newest", "oldest"])
def test_pages_hold_every_conversation_once(channel, officer, now, sort: str):
    receive(channel, *[make_incoming(at=now - (n % 9) * HOUR) for n in range(75)])
    for conversation in Conversation.objects.order_by("id")[:20]:
        Conversation.objects.filter(pk=conversation.pk).update(due_at=None, priority=conversation.pk % 4 * 10)
    seen, wish = [], Wish(tab="team", sort=sort)
    while True:
        shown = queue.page(wish, officer, now)
        seen += [row.pk for row in shown.rows]
        if not shown.after:
            break
        wish = Wish(tab="team", sort=sort, after=shown.after)
    assert len(seen) == len(set(seen)) == 75


def test_an_invented_page_mark_shows_the_top(desk, channel, now):
    make_conversation(channel, "The first one", at=now)
    assert "The first one" in page(desk, "/inbox/?tab=team&after=eyJub3QiOiJvdXJzIn0")


def test_filters_narrow_the_queue_and_an_unknown_one_says_so(desk, channel, officer, now):
    market = make_conversation(channel, "About the market", at=now)
    make_conversation(make_channel("x"), "About the pool", at=now)
    desk.post(address(market, "label"), {"new": "Market"})
    assert "About the pool" not in page(desk, f"/inbox/?tab=team&channel={channel.key}")
    assert "About the pool" not in page(desk, "/inbox/?tab=team&label=Market")
    assert "Nothing fits this filter" in page(desk, "/inbox/?tab=team&label=Nowhere")
    assert "About the pool" in page(desk, "/inbox/?tab=nonsense&channel=nonsense&sort=nonsense&tab=team")


def test_somebody_of_another_channel_sees_nothing_and_gets_404(client, channel, officer, now):
    conversation = make_conversation(channel, "A secret question", at=now)
    stranger = make_user("officer", scope=make_channel().scope)
    client.force_login(stranger)
    assert "A secret question" not in page(client, "/inbox/?tab=team")
    for act in ("conversation", "assign", "close", "label"):
        assert client.get(address(conversation, act)).status_code == 404
    for act in ("reply", "draft", "take", "assign", "close", "reopen", "wait", "label", "note", "withdraw"):
        assert client.post(address(conversation, act), {"text": "hello"}).status_code == 404
    assert queue.counts(stranger, now)["team"] == "0"


def test_naming_a_channel_in_the_address_opens_nothing(client, channel, now):
    make_conversation(channel, "A secret question", at=now)
    client.force_login(make_user("officer", scope=make_channel().scope))
    assert "Nothing fits this filter" in page(client, f"/inbox/?tab=team&channel={channel.key}")
    assert queue.page(Wish(tab="team", channel=str(channel.key)), User.objects.latest("id"), now).rows == []


def test_a_reader_sees_the_thread_and_no_box(client, channel, now):
    conversation = make_conversation(channel, at=now)
    client.force_login(make_user("records_officer"))
    body = page(client, address(conversation))
    assert "Answering needs the role of an officer" in body
    assert 'name="text"' not in body
    assert client.post(address(conversation, "reply"), {"text": "hello"}).status_code == 403
    assert not Delivery.objects.exists()


def test_a_contributor_does_not_open_the_inbox(client, channel):
    client.force_login(make_user("contributor"))
    assert client.get("/inbox/").status_code == 403


def test_the_thread_tells_everything_that_happened(desk, channel, officer, now):
    post = make_own(channel, "The path is open again.", kind="post", at=now - 9 * HOUR)
    item = make_incoming("It is dark", kind="comment", root_id=post.remote_id, at=now - 5 * HOUR)
    receive(channel, post)
    conversation = receive(channel, item)[0].conversation
    receive(channel, make_incoming("It is so dark", remote_id=item.remote_id, author_id=item.author_id, at=item.at))
    other = receive(channel, make_incoming("Never mind", parent_id=item.remote_id, at=now - 4 * HOUR))[0]
    rechecking.mark_gone(channel, [other.remote_id], now - 3 * HOUR)
    handling.assign(conversation, officer, by=make_user("manager", name="Sam Okoro"), now=now - 2 * HOUR)
    handling.note(conversation, "Cable fault, says Streets", by=officer, now=now - HOUR)
    receive(channel, make_own(channel, "On Thursday.", parent_id=item.remote_id, at=now - MINUTE))
    body = page(desk, address(conversation))
    told = ["The path is open again.", "<ins>so", "what changed", "Deleted by its writer", "Never mind"]
    told += ["Sam Okoro assigned it to Dana Whitlock", "Cable fault, says Streets", "seen by the team only"]
    told += ["On Thursday.", "outside Parley", "In service hours", "By the clock"]
    assert [words for words in told if words not in body] == []


def test_what_residents_write_is_text_and_never_markup(desk, channel, now):
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3)"
    conversation = make_conversation(channel, nasty, author_name="<b>Bobby</b>", at=now)
    for path in (address(conversation), "/inbox/?tab=team"):
        body = page(desk, path)
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<b>Bobby" not in body
        assert 'href="javascript' not in body


def test_an_answer_without_javascript_goes_out_and_comes_back_to_the_thread(desk, channel, now, scripted: Scripted):
    conversation = make_conversation(channel, at=now - HOUR)
    body = page(desk, address(conversation))
    form = {"text": "On Thursday.", "form_key": hidden(body, "form_key"), "answers": hidden(body, "answers")}
    answer = desk.post(address(conversation, "reply"), form, follow=True)
    assert "The answer is on its way." in answer.content.decode()
    assert "Scheduled" in answer.content.decode()
    desk.post(address(conversation, "reply"), form)
    outbox.step(clock.now())
    assert len(scripted.sent) == 1
    body = page(desk, address(conversation))
    assert "Published" in body
    assert "On Thursday. ^DW" in body


def test_what_a_platform_makes_of_our_words_is_no_edit_and_a_later_change_is(desk, channel, now, scripted: Scripted):
    conversation = make_conversation(channel, at=now - HOUR)
    body = page(desk, address(conversation))
    form = {"text": "On Thursday.", "form_key": hidden(body, "form_key"), "answers": hidden(body, "answers")}
    desk.post(address(conversation, "reply"), form)
    outbox.step(clock.now())
    ours = Message.objects.get(ours=True)
    seen = make_own(channel, f"@resident {ours.text}", remote_id=ours.remote_id, parent_id=ours.parent_id, at=ours.at)
    receive(channel, seen, now=now)
    body = page(desk, address(conversation))
    assert "@resident On Thursday." in body
    assert "Edited" not in body
    receive(channel, replace(seen, text="@resident On Friday."), now=now + HOUR)
    assert "Edited" in page(desk, address(conversation))


def test_a_refused_answer_stays_in_the_box_with_its_reason(desk, channel, now):
    conversation = make_conversation(channel, at=now - HOUR)
    long = "Long " * 200
    answer = desk.post(address(conversation, "reply"), {"text": long}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "characters too long for Mastodon" in answer.content.decode()
    assert long.strip() in answer.content.decode()
    assert long.strip() in page(desk, address(conversation))


def test_the_server_counts_as_the_platform_does_and_keeps_the_draft(desk, channel, now, officer):
    conversation = make_conversation(channel, at=now, author_handle="@ken")
    answer = desk.post(address(conversation, "draft"), {"text": "Hello"}, headers=FRAGMENT)
    assert f"<span data-used>{len('@ken Hello ^DW')}</span> of 500" in answer.content.decode()
    assert Reply.objects.get().text == "Hello"


def test_a_private_conversation_says_so_everywhere(desk, channel, now):
    conversation = make_conversation(channel, kind="direct", visibility="direct", at=now)
    assert "Private" in page(desk, "/inbox/?tab=team")
    body = page(desk, address(conversation))
    assert "Private: only this person sees the answer" in body
    assert "Send privately" in body
    assert "; signed" not in body


@pytest.mark.parametrize("fragment", [True, False])
def test_every_act_works_as_fragment_and_as_page(desk, channel, officer, now, fragment: bool):
    headers = FRAGMENT if fragment else {}
    conversation, other = make_conversation(channel, at=now - HOUR), make_user("officer", name="Sam Okoro")

    def act(name: str, **data: object) -> str:
        answer = desk.post(address(conversation, name), data, headers=headers, follow=not fragment)
        assert answer.status_code == 200
        return answer.content.decode()

    assert "Dana Whitlock took it" in act("take")
    assert "assigned it to Sam Okoro" in act("assign", to=other.pk)
    assert "handed it back" in act("assign", to="")
    assert "Crew on Thursday" in act("note", note="Crew on Thursday")
    assert "Street lamps" in act("label", new="Street lamps")
    assert "waits for the resident" in act("wait")
    assert "opened it again" in act("reopen")
    assert "closed it: Not for the town" in act("close", outcome="not_for_us")
    assert fresh(conversation).state == "closed"
    act("reopen")
    assert (fresh(conversation).state, Note.objects.count()) == ("open", 1)


def test_a_conversation_can_be_handed_back_to_everybody(desk, channel, officer, now):
    conversation = make_conversation(channel, at=now)
    handling.assign(conversation, officer, by=officer, now=now)
    body = page(desk, address(conversation, "assign"))
    assert "Everybody" in body
    assert "Dana Whitlock" in body


@pytest.mark.parametrize("act", ["assign", "close", "label"])
def test_forms_are_dialogs_over_the_page_or_pages_of_their_own(desk, channel, now, act: str):
    conversation = make_conversation(channel, at=now)
    assert "<dialog" in page(desk, address(conversation, act), headers=FRAGMENT)
    assert "<h1>" in page(desk, address(conversation, act))


def test_closing_wants_an_outcome_from_the_list(desk, channel, now):
    conversation = make_conversation(channel, at=now)
    for data in ({}, {"outcome": "history"}, {"outcome": "withdrawn"}):
        answer = desk.post(address(conversation, "close"), data)
        assert answer.status_code == 422
    assert fresh(conversation).state == "open"


def test_only_those_who_may_answer_can_be_given_a_conversation(desk, channel, now):
    conversation, reader = make_conversation(channel, at=now), make_user("records_officer")
    assert desk.post(address(conversation, "assign"), {"to": reader.pk}).status_code == 422
    assert fresh(conversation).assignee is None


def test_an_unchanged_list_or_thread_is_answered_with_nothing(desk, channel, now):
    conversation = make_conversation(channel, at=now)
    beat = re.search(r"beat=([\d.]+)", page(desk, "/inbox/?tab=team")).group(1)
    assert desk.get(f"/inbox/?tab=team&beat={beat}", headers=POLL).status_code == 204
    thread = re.search(r"&amp;beat=([\d.]+)", page(desk, address(conversation), headers=FRAGMENT)).group(1)
    assert desk.get(f"{address(conversation)}?beat={thread}", headers=POLL).status_code == 204
    make_conversation(channel, "Something new", at=now)
    assert "Something new" in page(desk, f"/inbox/?tab=team&beat={beat}", headers=POLL)
    assert desk.get(f"{address(conversation)}?beat={thread}", headers=POLL).status_code == 200


def test_polls_do_not_keep_a_session_alive(desk, channel, now):
    seen = desk.session["seen"] = now.timestamp() - 1800
    session = desk.session
    session["seen"] = seen
    session.save()
    desk.get("/inbox/?tab=team", headers=POLL)
    assert desk.session["seen"] == seen
    desk.get("/inbox/?tab=team")
    assert desk.session["seen"] > seen


def test_a_draft_of_somebody_else_is_named_and_not_shown(client, desk, channel, now):
    conversation = make_conversation(channel, at=now)
    desk.post(address(conversation, "draft"), {"text": "Half a thought"}, headers=FRAGMENT)
    client.force_login(make_user("officer"))
    body = page(client, address(conversation))
    assert "Dana Whitlock has a draft here too" in body
    assert "Half a thought" not in body


def test_an_answer_on_its_way_can_be_taken_back(desk, channel, now, scripted: Scripted):
    conversation = make_conversation(channel, at=now)
    desk.post(address(conversation, "reply"), {"text": "On Thursday."})
    assert "Take back" in page(desk, address(conversation))
    desk.post(address(conversation, "withdraw"))
    outbox.step(clock.now())
    assert scripted.sent == []
    assert "On Thursday." in page(desk, address(conversation))
    assert desk.post(address(conversation, "withdraw")).status_code == 404


def queries(desk: Client, path: str, headers: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert desk.get(path, headers=headers or {}).status_code == 200
    return len(caught)


def test_the_list_asks_the_same_few_questions_with_ten_and_with_a_thousand(desk, channel, now):
    receive(channel, *[make_incoming(at=now - n * MINUTE) for n in range(10)])
    page(desk, "/inbox/?tab=team")
    few = queries(desk, "/inbox/?tab=team")
    receive(channel, *[make_incoming(at=now - n * MINUTE) for n in range(1000)])
    assert queries(desk, "/inbox/?tab=team") == few <= 12
    assert queries(desk, "/inbox/?tab=team&sort=newest") == few
    assert queries(desk, "/inbox/?tab=team", FRAGMENT) < few


def test_the_thread_asks_the_same_few_questions_with_ten_and_with_a_thousand(desk, channel, now, officer):
    top = make_incoming(at=now - 20 * HOUR)
    conversation = receive(channel, top)[0].conversation
    page(desk, address(conversation))

    def write(count: int) -> tuple[int, int]:
        receive(channel, *[make_incoming(parent_id=top.remote_id, at=now - n * MINUTE) for n in range(count)], now=now)
        return queries(desk, address(conversation), FRAGMENT), queries(desk, address(conversation))

    few, whole = write(10)
    assert write(1000) == (few, whole)
    assert Message.objects.filter(conversation=conversation).count() == 1011
    assert few <= 10
    assert whole <= 12


def test_a_publisher_says_what_became_of_an_answer(client, desk, channel, now, scripted: Scripted):
    conversation = make_conversation(channel, at=now - HOUR)
    desk.post(address(conversation, "reply"), {"text": "On Thursday."})
    held = {"state": "needs_attention", "next_action_at": None, "why_words": "Say whether it is out."}
    Delivery.objects.update(**held)
    assert "A publisher decides" in page(desk, address(conversation))
    assert desk.get(address(conversation, "decide")).status_code == 403
    client.force_login(make_user("publisher"))
    assert "Say what became of it" in page(client, address(conversation))
    version = hidden(page(client, address(conversation, "decide")), "version")
    said = {"decision": "it_is_there", "reason": "I see it", "version": version}
    refused = client.post(address(conversation, "decide"), said)
    assert refused.status_code == 422
    assert "Paste the link to it" in refused.content.decode()
    client.post(address(conversation, "decide"), said | {"url": "https://social.fernhill.example/1"})
    body = page(client, address(conversation))
    assert fresh(conversation).clock == "answered"
    assert "On Thursday. ^DW" in body
    assert client.get(address(conversation, "decide")).status_code == 404
