"""A legal request that comes in as a comment has its day, its officer and its end, and is never closed away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from accounts.refusals import IllegalMove, Invalid, NotAllowed
from channels_app import outbox
from channels_app.models import Channel
from engagement import bulk, handling, rechecking, rehousing, replies, wording
from engagement.models import LegalRequest, Triage
from engagement.replies import Sending
from engagement.statutory import handling as law
from engagement.statutory import nagging
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_inbox import fresh, make_conversation, make_incoming, receive
from tests.factories_replies import make_decider
from tests.factories_statutory import FOI, make_request
from tests.scripted import Scripted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def channel(scripted: Scripted) -> Channel:
    make_town(zone="Europe/London", pack="england")
    return make_channel()


@pytest.fixture
def officer(channel: Channel) -> User:
    return make_user("publisher", name="Amara Okafor")


def test_a_comment_on_the_eve_of_a_bank_holiday_has_its_day_by_the_towns_law(channel):
    eve = NOON.replace(month=12, day=24, hour=17, minute=5)
    one = make_request(channel, at=eve)
    assert (one.state, one.kind, one.matched) == ("suggested", "information", "freedom of information")
    assert one.due_on == date(2027, 1, 27)  # neither Christmas nor New Year is a working day anywhere in the Kingdom
    assert one.law == "Freedom of information request: 20 working days"


def test_what_says_so_again_in_the_same_thread_is_no_second_one(channel):
    one = make_request(channel)
    again = make_incoming("As I said: FOI!", parent_id=one.message.remote_id, at=NOON + HOUR)
    receive(channel, again)
    receive(channel, again)
    assert LegalRequest.objects.count() == 1
    law.confirm(one, by=make_user("publisher"), now=NOON + HOUR)
    law.settle(one, "answered", "Sent by mail, FOI 26/17", by=make_user("publisher"), now=NOON + HOUR)
    receive(channel, make_incoming("Another FOI then", parent_id=one.message.remote_id, at=NOON + 2 * HOUR))
    assert LegalRequest.objects.count() == 2


def test_our_own_words_and_old_ones_are_no_request(channel):
    receive(channel, make_incoming(FOI, author_id=channel.remote_id, kind="post"))
    receive(channel, make_incoming(FOI, at=channel.created_at - 2 * DAY), now=NOON)
    assert LegalRequest.objects.count() == 0


@pytest.mark.parametrize("outcome", ["thanks", "not_for_us", "duplicate", "elsewhere"])
def test_its_conversation_is_not_closed_before_somebody_says_what_became_of_it(channel, officer, outcome):
    one = make_request(channel)
    with pytest.raises(IllegalMove, match="nobody has looked"):
        handling.close(one.conversation, outcome, by=officer, now=NOON + HOUR)
    law.confirm(one, by=officer, now=NOON + HOUR)
    with pytest.raises(IllegalMove, match="not settled"):
        handling.close(one.conversation, outcome, by=officer, now=NOON + HOUR)
    done = bulk.carry_out(
        [one.conversation],
        "close",
        lambda row: handling.close(row, outcome, by=officer, now=NOON),
        by=officer,
        now=NOON,
    )
    assert "what became of it" in done.left[0].why
    law.settle(one, "elsewhere", "Given to the information team as 26/17", by=officer, now=NOON + HOUR)
    handling.close(one.conversation, outcome, by=officer, now=NOON + 2 * HOUR)
    assert fresh(one.conversation).state == "closed"


def test_an_answer_does_not_answer_it_away(channel, officer):
    one = make_request(channel, "EIR request: the air in Mill Road, please", at=NOON)
    replies.release(one.conversation, Sending("Thank you, we have it.", close_after=True), by=officer, now=NOON + HOUR)
    outbox.step(NOON + HOUR)
    home = fresh(one.conversation)
    assert (home.clock, home.state) == ("answered", "open")
    one.refresh_from_db()
    assert one.state == "suggested"


def test_a_request_that_its_writer_deletes_was_received_all_the_same(channel):
    one = make_request(channel)
    rechecking.mark_gone(channel, [one.message.remote_id], NOON + HOUR)
    assert fresh(one.conversation).state == "open"
    other = make_conversation(channel, "When do you open?")
    rechecking.mark_gone(channel, [other.messages.get().remote_id], NOON + HOUR)
    assert fresh(other).state == "closed"


def test_it_goes_along_where_its_message_goes(channel, officer):
    one, home = make_request(channel, at=NOON - HOUR), make_conversation(channel, at=NOON - HOUR)
    rehousing.merge(one.conversation, home, by=officer, now=NOON)
    one.refresh_from_db()
    assert one.conversation == home
    with pytest.raises(IllegalMove):
        handling.close(home, "thanks", by=officer, now=NOON)


def test_confirming_sorts_the_conversation_and_is_told(channel, officer):
    one = make_request(channel)
    law.confirm(one, by=officer, now=NOON)
    assert Triage.objects.get(conversation=one.conversation).kind == "statutory"
    told = AuditEntry.objects.get(act="confirmed_request")
    assert told.data["words"] == "freedom of information"


def test_what_is_none_says_why_and_can_still_be_confirmed(channel, officer):
    one = make_request(channel)
    with pytest.raises(Invalid):
        law.decline(one, " ", by=officer, now=NOON)
    one = law.decline(one, "They quote a film", by=officer, now=NOON)
    handling.close(one.conversation, "thanks", by=officer, now=NOON)
    one = law.confirm(one, by=officer, now=NOON + HOUR)
    assert (one.state, one.became) == ("open", "")
    assert one.due_on == date(2026, 12, 17)  # from when it came, not from when it was confirmed


def test_the_officer_in_charge_is_told_and_settles_it(channel, officer):
    records = make_user("records_officer", name="Gwen Pugh")
    one = law.confirm(make_request(channel), by=officer, now=NOON)
    assert law.officer_for(one, NOON) == records
    one = law.hand(one, records, "It is about the crossing", by=officer, now=NOON)
    note = Notification.objects.get(user=records)
    assert note.event == "statutory.handed"
    assert "by 17 December 2026" in note.words
    with pytest.raises(Invalid):
        law.settle(one, "answered", "", by=records, now=NOON)
    one = law.settle(one, "part", "Refused in part under section 40; told how to appeal", by=records, now=NOON + DAY)
    assert (one.state, one.outcome) == ("done", "part")
    with pytest.raises(IllegalMove):
        law.settle(one, "answered", "Again", by=records, now=NOON + DAY)


def test_the_register_names_the_officer_where_it_has_a_subject_of_that_name(channel, officer):
    make_user("records_officer")
    ruth = make_decider("Information request")
    assert law.officer_for(make_request(channel), NOON) == ruth


def test_nobody_is_handed_what_they_cannot_open_and_nobody_without_the_right_settles(channel, officer):
    one = law.confirm(make_request(channel), by=officer, now=NOON)
    with pytest.raises(NotAllowed):
        law.hand(one, make_user("officer", scope=make_channel().scope), "", by=officer, now=NOON)
    with pytest.raises(NotAllowed):
        law.settle(one, "answered", "Done", by=make_user("contributor"), now=NOON)


def test_people_are_told_five_days_before_and_each_day_after(channel, officer):
    one = law.confirm(make_request(channel), by=officer, now=NOON)
    handling.assign(one.conversation, officer, by=officer, now=NOON)
    events = Notification.objects.filter(event="statutory.due", user=officer)
    for day, told in ((2, 0), (23, 0), (24, 1), (29, 1), (30, 2), (30, 2), (31, 3)):
        nagging.nag(NOON + day * DAY)
        assert events.count() == told, day
    assert "was due on 17 December" in events.latest("pk").words


def test_when_its_officer_has_left_those_who_give_out_work_are_told(channel, officer):
    records = make_user("records_officer")
    one = law.confirm(make_request(channel), by=officer, now=NOON)
    law.hand(one, records, "", by=officer, now=NOON)
    User.objects.filter(pk=records.pk).update(is_active=False)
    nagging.nag(NOON + 25 * DAY)
    assert set(Notification.objects.filter(event="statutory.due").values_list("user", flat=True)) == {officer.pk}


def test_what_nobody_looked_at_for_a_day_is_told_to_who_gives_out_work(channel, officer):
    make_request(channel)
    nagging.nag(NOON + 2 * DAY)
    nagging.nag(NOON + 3 * DAY)
    assert Notification.objects.filter(event="statutory.due", user=officer).count() == 1


def test_the_receipt_begins_the_answer_and_naming_the_laws_day_promises_nothing_new(client: Client, channel, officer):
    one = law.confirm(make_request(channel, at=clock.now() - HOUR), by=officer, now=clock.now())
    client.force_login(officer)
    client.post(reverse("inbox:put-receipt", args=[one.key]))
    client.post(reverse("inbox:put-receipt", args=[one.key]))
    draft = wording.draft_of(one.conversation, officer)
    assert draft is not None
    assert draft.text == law.receipt(one)
    assert f"{one.due_on:%-d %B %Y}" in draft.text
    replies.release(one.conversation, Sending(draft.text), by=officer, now=clock.now())
    assert fresh(one.conversation).state == "open"


def test_the_database_takes_no_end_without_words(channel):
    one = make_request(channel)
    for change in ({"state": "done", "outcome": "answered"}, {"state": "declined"}, {"state": "handed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalRequest.objects.filter(pk=one.pk).update(**change)


def test_from_the_queue_to_the_end_by_the_pages_alone(client: Client, channel, officer):
    records = make_user("records_officer", name="Gwen Pugh")
    one = make_request(channel, at=clock.now() - HOUR)
    client.force_login(officer)
    assert "By law until" in client.get(reverse("inbox:queue"), {"tab": "team"}).content.decode()
    page = client.get(reverse("inbox:conversation", args=[one.conversation.key])).content.decode()
    assert "Information request?" in page
    here = reverse("inbox:legal-request", args=[one.key])
    assert "Is it one?" in client.get(here).content.decode()
    assert "suggested by" in client.get(reverse("inbox:legal-requests")).content.decode()
    client.post(reverse("inbox:confirm-request", args=[one.key]))
    bad = client.post(reverse("inbox:settle-request", args=[one.key]), {"outcome": "answered", "became": ""})
    assert bad.status_code == 422
    assert "Say in a sentence what became of it" in bad.content.decode()
    client.post(reverse("inbox:hand-request", args=[one.key]), {"officer": str(records.key), "words": "Please"})
    assert "With Gwen Pugh" in client.get(reverse("inbox:conversation", args=[one.conversation.key])).content.decode()
    client.force_login(records)
    typed = {"outcome": "answered", "became": "Answered by letter, 26/17"}
    page = client.post(reverse("inbox:settle-request", args=[one.key]), typed, follow=True).content.decode()
    assert "Answered by letter, 26/17" in page
    assert (
        one.conversation.excerpt[:20] in client.get(reverse("inbox:legal-requests"), {"tab": "done"}).content.decode()
    )


def test_somebody_notes_what_no_word_gave_away(client: Client, channel, officer):
    home = make_conversation(channel, "Kindly let me see the contract for the crossing", at=clock.now() - HOUR)
    client.force_login(officer)
    client.post(reverse("inbox:note-request", args=[home.key]), {"kind": "information"})
    one = LegalRequest.objects.get()
    assert (one.state, one.by, one.conversation) == ("open", officer, home)
    assert client.post(reverse("inbox:note-request", args=[home.key]), {"kind": "nonsense"}).status_code >= 400


def test_others_channels_are_not_seen(client: Client, channel):
    one = make_request(channel)
    client.force_login(make_user("publisher", scope=make_channel().scope))
    assert client.get(reverse("inbox:legal-request", args=[one.key])).status_code == 404
    assert str(one.key) not in client.get(reverse("inbox:legal-requests")).content.decode()
