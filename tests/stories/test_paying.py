"""The paid register: an objective, who pays, words about an election, money, results, and the invoices."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.refusals import IllegalMove, Invalid, LostRace, NotAllowed
from metrics import paying
from metrics.measures.ledger import RULES
from metrics.measures.shape import Span
from metrics.models import Paid
from policy.models import PublicName
from tests.factories import NOON, make_channel, make_town, make_user
from tests.factories_calendar import make_campaign, make_objective, make_post
from tests.factories_measures import bring_in
from tests.factories_paid import PAYS, make_paid, paid_facts, spend

pytestmark = pytest.mark.django_db
INVOICE = ("Day", "Reference", "Amount")
SPAN = Span(NOON - timedelta(days=7), NOON + timedelta(days=7), NOON + timedelta(hours=2))


@pytest.fixture
def boss() -> User:
    make_town(zone="UTC", pack="none")
    return make_user("manager")


def seat(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_nothing_starts_that_does_not_say_who_pays(boss: User) -> None:
    one = make_paid(by=boss, disclaimer="")
    with pytest.raises(Invalid, match="does not say who pays"):
        paying.start(one, by=boss, now=NOON)
    one = paying.change(one, paid_facts(objective=one.objective), by=boss, now=NOON)
    assert paying.start(one, by=boss, now=NOON).state == "running"
    with pytest.raises(IllegalMove, match="It has started"):
        paying.change(one, paid_facts(objective=one.objective, text="Buy now"), by=boss, now=NOON)
    assert paying.end(one, by=boss, now=NOON).state == "ended"


@pytest.mark.parametrize("text", ["How to vote by post", "Meet Jane Alder at the fair", "The Referendum explained"])
def test_words_about_an_election_need_a_label_and_the_permission_of_somebody_else(boss: User, text: str) -> None:
    PublicName.objects.create(name="Jane Alder", kind="candidate")
    one = make_paid(by=boss, text=text)
    assert len(paying.wrong(one, NOON)) == 2
    with pytest.raises(Invalid, match="Label it as political"):
        paying.start(one, by=boss, now=NOON)
    one = paying.change(one, paid_facts(objective=one.objective, text=text, label="political"), by=boss, now=NOON)
    with pytest.raises(Invalid, match="An approver or a manager has to permit it"):
        paying.start(one, by=boss, now=NOON)
    with pytest.raises(NotAllowed, match="somebody else permits it"):
        paying.permit(one, "It is neutral", by=boss, now=NOON)
    approver = make_user("approver")
    paying.permit(one, "Facts only, agreed with the returning officer", by=approver, now=NOON)
    changed = paid_facts(objective=one.objective, text=f"{text}. Vote Alder!", label="political")
    one = paying.change(one, changed, by=boss, now=NOON)
    assert one.permitted_by is None  # other words, no permission
    one = paying.permit(one, "Read again", by=approver, now=NOON)
    assert paying.start(one, by=boss, now=NOON).state == "running"


def test_an_advert_that_devotes_itself_to_something_else_is_not_held(boss: User) -> None:
    assert paying.wrong(make_paid(by=boss, text="We are devoted to parties in the park"), NOON) == []


def test_money_and_results_count_until_they_are_taken_back(boss: User) -> None:
    one = make_paid(by=boss)
    money, _ = spend(one, 30, 12)
    (account,) = paying.books([one], NOON).accounts
    assert (account.spent, account.outcomes, account.each, account.over) == (30, 12, Decimal("2.5"), False)
    assert RULES["cost_per_outcome"].figure(RULES["cost_per_outcome"].rows(SPAN)).value == 2.5
    paying.take_back(money, "Booked twice", by=boss, now=NOON + timedelta(hours=1))
    assert paying.books([one], NOON).accounts[0].spent == 0
    assert RULES["cost_per_outcome"].rows(SPAN)[0].spent == 0
    before = Span(SPAN.start, SPAN.end, NOON + timedelta(minutes=1))
    assert RULES["cost_per_outcome"].rows(before)[0].spent == 30  # as it was known then
    with pytest.raises(LostRace):
        paying.take_back(money, "Again", by=boss, now=NOON)
    with pytest.raises(Invalid, match="still to come"):
        paying.add(one, "spent", (NOON + timedelta(days=2)).date(), Decimal(1), "Bill", by=boss, now=NOON)


def test_the_register_is_held_against_the_invoices_and_says_which_name_nothing(boss: User) -> None:
    one, other = make_paid(by=boss), make_paid(by=boss)
    assert (one.reference, other.reference) == ("AD-1", "AD-2")
    spend(one, 60)
    spend(other, 40)
    bring_in([("2026-11-17", "AD-1", "20"), ("2026-11-18", "ad-1", "40"), ("2026-11-18", "AD-2", "45")], INVOICE,
             kind="invoices", by=boss)  # fmt: skip
    books = paying.books([one, other], NOON)
    assert [(account.invoiced, account.differs) for account in books.accounts] == [(60, 0), (45, 5)]
    assert (books.spent, books.invoiced, books.balanced) == (100, 105, False)
    bring_in([("2026-11-18", "AD-2", "40")], INVOICE, kind="invoices", by=boss, now=NOON + timedelta(minutes=1))
    later = NOON + timedelta(minutes=2)
    assert paying.books([one, other], later).balanced
    bring_in([("2026-11-18", "AD-77", "9")], INVOICE, kind="invoices", by=boss, now=later)
    books = paying.books([one, other], later)
    assert (books.strangers, books.balanced, books.invoiced) == ([("AD-77", 9)], False, 109)


def form(objective: Any, **facts: Any) -> dict[str, Any]:
    told = paid_facts(objective=objective.pk, **facts)
    return {name: "" if value is None else str(value) for name, value in told.items()}


def test_a_publisher_keeps_the_register_on_its_pages_and_an_officer_reads_it(boss: User) -> None:
    client, objective = seat(make_user("publisher")), make_objective(owner=boss)
    new = reverse("measures:new-paid")
    wrong = client.post(new, form(objective, ends_on="2026-11-01", budget="-1"))
    assert wrong.status_code == 422
    for words in ("It ends before it starts.", "Not below nought.", "The library is warm until nine."):
        assert words in wrong.content.decode()
    assert client.post(new, form(objective) | {"objective": ""}).status_code == 422
    assert client.post(new, form(objective, text="Vote on Thursday")).status_code == 302
    one = Paid.objects.get()
    stopped = client.post(reverse("measures:start-paid", args=[one.key]))
    assert (stopped.status_code, "It cannot start like this" in stopped.content.decode()) == (422, True)
    change = reverse("measures:change-paid", args=[one.key])
    assert client.post(change, form(objective, text="The library is warm")).status_code == 302
    assert client.post(reverse("measures:start-paid", args=[one.key])).status_code == 302
    add = reverse("measures:add-paid", args=[one.key])
    assert client.post(add, {"what": "spent", "on": "2026-11-18", "value": "-3", "source": "Bill"}).status_code == 422
    for what, value in (("spent", "1250.50"), ("outcome", "500")):
        facts = {"what": what, "on": "2026-11-18", "value": value, "source": "Ads manager"}
        assert client.post(add, facts).status_code == 302
    reader = seat(make_user("officer"))
    page = reader.get(reverse("measures:paid-one", args=[one.key])).content.decode()
    assert "over budget" in page
    assert "2.50 each" in page
    assert "Write down money" not in page
    assert PAYS in page
    assert "not balanced" in reader.get(reverse("measures:paid")).content.decode()
    text = reader.get(reverse("measures:paid-table")).content.decode().removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["spent"], row["results"], row["cost of each"]) == ("1250.50", "500.00", "2.5010")


def test_what_was_paid_for_a_campaign_stands_on_its_page_and_a_hidden_channel_stays_hidden(boss: User) -> None:
    campaign, channel = make_campaign(), make_channel(name="Hidden from you")
    post = make_post(channels=[channel], text="Come to the warm room.")
    one = make_paid(by=boss, campaign=campaign, channel=channel, post=post)
    neighbour = seat(make_user("officer", scope=make_channel().scope))
    page = neighbour.get(reverse("measures:paid-one", args=[one.key])).content.decode()
    assert "A channel you do not see" in page
    assert "Come to the warm room." not in page
    assert "Hidden from you" not in page + neighbour.get(reverse("measures:paid-table")).content.decode()
    assert "Warm rooms" in neighbour.get(reverse("measures:effect", args=[campaign.key])).content.decode()


def test_somebody_permits_on_the_page_with_a_reason(boss: User) -> None:
    one = make_paid(by=boss, text="Register to vote", label="political")
    client, url = seat(make_user("approver")), reverse("measures:permit-paid", args=[one.key])
    assert client.post(url, {"permit-why": ""}).status_code == 422
    assert client.post(url, {"permit-why": "Neutral"}).status_code == 302
    assert "Neutral" in client.get(reverse("measures:paid-one", args=[one.key])).content.decode()
    own = make_paid(by=boss, text="Vote")
    refused = seat(boss).post(reverse("measures:permit-paid", args=[own.key]), {"permit-why": "x"})
    assert (refused.status_code, "somebody else permits it" in refused.content.decode()) == (403, True)
