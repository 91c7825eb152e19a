"""Short links: made before words are signed, only to where the desk said, and counting people without knowing them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Notification
from accounts.refusals import Invalid
from calendar_app import composing, leading, releasing, scheduling, wording
from calendar_app.words import words_of
from channels_app import links, service_links
from channels_app.models import Click, Link, LinkScheme, ServiceLink
from channels_app.platforms import http
from tests.factories import NOON, make_channel, make_user
from tests.factories_calendar import make_campaign, make_post, whole

pytestmark = pytest.mark.django_db
PAGE = "https://fernhill.example/bins?street=mill"
TOMORROW = NOON + timedelta(days=1)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture(autouse=True)
def address(settings) -> None:
    settings.PUBLIC_URL = "https://talk.fernhill.example"


@pytest.fixture
def amara():
    return make_user("publisher")


def scheduled(post, by, moment=TOMORROW):
    at = releasing.moment(moment.replace(tzinfo=None), "UTC", 0, NOON)
    scheduling.schedule(post, list(post.placements.all()), at, by=by, now=NOON)
    return whole(post).placements.get()


def made(target: str = PAGE) -> Link:
    links.freeze("post", make_user().key, None, target, NOON)
    return Link.objects.order_by("-pk")[0]


def test_the_words_that_are_approved_are_the_words_with_the_short_link(amara):
    placement = scheduled(make_post(author=amara, link=PAGE), amara)
    link = Link.objects.get()
    assert placement.delivery.payload["link"] == f"https://talk.fernhill.example/go/{link.code}"
    assert placement.approval.hash == placement.delivery.content_hash == wording.content_hash(placement)
    assert (link.url, link.target, link.channel) == (PAGE, PAGE, placement.channel)


def test_another_scheme_changes_nothing_that_is_approved(amara):
    placement = scheduled(make_post(author=amara, link=PAGE), amara)
    LinkScheme.objects.create(pk=1, hosts="fernhill.example", source="new")
    assert releasing.approval_holds(whole(placement.post).placements.get())


def test_another_link_takes_it_back_to_draft_and_gets_a_short_link_of_its_own(amara):
    post = make_post(author=amara, link=PAGE)
    first = scheduled(post, amara).delivery.payload["link"]
    post = whole(post)
    saved = composing.save(post, words_of(post).but(link=f"{PAGE}2"), post.version, by=amara, now=NOON)
    assert len(saved.back) == 1
    assert scheduled(whole(post), amara).delivery.payload["link"] != first
    assert Link.objects.count() == 2


def test_without_a_public_address_links_go_out_as_they_are_and_the_page_says_why(amara, settings, client: Client):
    settings.PUBLIC_URL = ""
    assert scheduled(make_post(author=amara, link=PAGE), amara).delivery.payload["link"] == PAGE
    assert not Link.objects.exists()
    client.force_login(amara)
    for page in (reverse("links:links"), reverse("calendar:new-post")):
        assert "Short links are off" in client.get(page).content.decode()


def test_the_same_words_to_the_same_page_are_found_though_every_post_has_its_own_link(amara):
    channel = make_channel()
    scheduled(make_post(author=amara, channels=[channel], link=PAGE, text="Green lids on Tuesday."), amara)
    other = make_post(author=amara, channels=[channel], link=PAGE, text="Green lids on Tuesday.")
    sayings = [wording.said(one, other) for one in other.placements.all()]
    assert wording.same_words_soon(other, sayings, TOMORROW + timedelta(hours=3), "UTC")
    elsewhere = make_post(author=amara, channels=[channel], link=f"{PAGE}2", text="Green lids on Tuesday.")
    sayings = [wording.said(one, elsewhere) for one in elsewhere.placements.all()]
    assert not wording.same_words_soon(elsewhere, sayings, TOMORROW, "UTC")


def test_links_to_the_towns_own_sites_carry_its_marks_and_others_do_not(amara):
    channel, dev = make_channel("facebook", name="Fernhill Town"), make_user("manager")
    told = {
        "shorten": True,
        "hosts": "fernhill.example",
        "source": "{platform}",
        "medium": "social",
        "campaign": "{campaign}",
    }
    links.set_scheme(told, 1, by=dev, now=NOON)
    about = links.About("Winter ready!", "news")
    marked = links.marked(PAGE, channel, about)
    assert marked == f"{PAGE}&utm_source=facebook&utm_medium=social&utm_campaign=winter-ready"
    assert links.marked(f"{PAGE}&utm_source=mine", channel, about).count("utm_source") == 1
    assert links.marked("https://elsewhere.example/x", channel, about) == "https://elsewhere.example/x"
    links.set_marks(channel, "fb-{channel}", "", by=dev, now=NOON)
    assert "utm_source=fb-fernhill-town&" in links.marked(PAGE, channel, about)
    with pytest.raises(Invalid, match="cannot be a mark"):
        links.set_marks(channel, "{name}", "", by=dev, now=NOON)
    post = make_post(author=amara, channels=[channel], link=PAGE, campaign=make_campaign(name="Winter ready"))
    scheduled(post, amara)
    assert "utm_campaign=winter-ready" in Link.objects.get().target


def test_a_click_is_counted_with_its_moment_and_nothing_about_the_reader(client: Client):
    link = made()
    answer = client.get(f"/go/{link.code}", headers={"User-Agent": BROWSER})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert Click.objects.filter(link=link).count() == 1
    assert {field.name for field in Click._meta.concrete_fields} == {"id", "link", "at"}


def test_a_posts_page_says_how_often_its_links_were_followed(amara, client: Client):
    post = make_post(author=amara, link=PAGE)
    scheduled(post, amara)
    Client().get(f"/go/{Link.objects.get().code}")
    client.force_login(amara)
    assert "Followed 1 time by" in client.get(reverse("calendar:post", args=[post.key])).content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Twitterbot/1.0"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "http.rb/5.1 (Mastodon/4.4.3; +https://social.example/)"},
        {"User-Agent": "WhatsApp/2.24"},
        {"User-Agent": "curl/8.1"},
        {"User-Agent": BROWSER, "Sec-Purpose": "prefetch;prerender"},
        {"User-Agent": BROWSER, "X-Purpose": "preview"},
    ],
)
def test_programs_and_browsers_that_look_ahead_are_led_on_and_not_counted(client: Client, headers: dict[str, str]):
    assert client.get(f"/go/{made().code}", headers=headers).status_code == 302
    assert not Click.objects.exists()


@pytest.mark.parametrize("agent", [BROWSER, f"{BROWSER} [FBAN/FBIOS;FBAV/470]", "", "Mozilla/5.0 [Pinterest/iOS]"])
def test_people_in_browsers_and_in_apps_are_counted(client: Client, agent: str):
    client.get(f"/go/{made().code}", headers={"User-Agent": agent})
    assert Click.objects.count() == 1


def test_only_a_get_counts_and_only_what_the_desk_made_leads_anywhere(client: Client):
    link = made()
    assert client.head(f"/go/{link.code}").status_code == 302
    assert client.post(f"/go/{link.code}").status_code == 405
    assert client.get("/go/nothing2").status_code == 404
    Link.objects.filter(pk=link.pk).update(target="javascript:alert(1)")
    assert client.get(f"/go/{link.code}").status_code == 404
    assert not Click.objects.exists()


def test_following_a_link_asks_little_of_the_database(client: Client, django_assert_max_num_queries):
    link = made()
    client.get(f"/go/{link.code}")
    with django_assert_max_num_queries(4):  # the clock, the town, the link, the click
        client.get(f"/go/{link.code}")


# --- services --------------------------------------------------------------------------------------------------------


class Answers:
    """What addresses answer, in turn."""

    def __init__(self, *codes: object) -> None:
        self.codes = list(codes)

    def __call__(self, url: str, **how: object) -> object:
        code = self.codes.pop(0)
        if isinstance(code, Exception):
            raise code
        return type("Answer", (), {"status_code": code})()


def a_service(url: str = "https://fernhill.example/bins") -> ServiceLink:
    return service_links.add("Bin day", url, None, by=make_user("manager"), now=NOON)


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        ([200], ["ok"]),
        ([http.Cut("x sent Parley on to another address, which it does not follow.")], ["ok"]),
        ([404, 404, 200], ["doubt", "dead", "ok"]),
        ([http.NotSent("no such host"), 200], ["doubt", "ok"]),
        ([403], ["ok"]),
        ([http.Barred("This is practice")], ["new"]),
    ],
)
def test_a_link_is_dead_after_two_looks_that_failed(monkeypatch, answers: list[object], states: list[str]):
    monkeypatch.setattr(service_links.http, "get_public", Answers(*answers))
    row, now = a_service(), NOON
    for state in states:
        row = service_links.check(row, now)
        assert row.state == state
        now += timedelta(hours=1)


def test_a_dead_link_is_told_before_the_post_that_uses_it_goes_out(monkeypatch, amara, client: Client):
    monkeypatch.setattr(service_links.http, "get_public", Answers(404, 404))
    row, now = a_service(), clock.now()
    post = make_post(author=amara, text=f"Which day is yours? {row.url}")
    scheduled(post, amara)
    post.placements.update(due_at=now + timedelta(days=1))
    assert leading.watch(now) == 0
    assert leading.watch(now + timedelta(hours=1)) == 1
    note = Notification.objects.get(user=amara, event="post.link")
    assert "leads to “Bin day”, which is dead" in note.words
    leading.watch(now + timedelta(hours=2))
    assert Notification.objects.filter(user=amara, event="post.link").count() == 1
    client.force_login(amara)
    assert "which is dead" in client.get(reverse("calendar:post", args=[post.key])).content.decode()
    assert "which is dead" in client.get(reverse("calendar:edit-post", args=[post.key])).content.decode()


def test_the_link_field_offers_the_services(amara, client: Client):
    row = a_service()
    client.force_login(amara)
    page = client.get(reverse("calendar:new-post")).content.decode()
    assert f'<option value="{row.url}">Bin day</option>' in page
    assert 'list="service-links"' in page


def test_services_and_marks_are_chosen_on_their_pages(client: Client):
    client.force_login(make_user("manager"))
    client.post(reverse("links:add-service"), {"name": "Pay", "url": "https://fernhill.example/pay"})
    again = client.post(reverse("links:add-service"), {"name": "Pay", "url": "https://fernhill.example/pay"})
    assert (again.status_code, ServiceLink.objects.count()) == (422, 1)
    row = ServiceLink.objects.get()
    client.post(reverse("links:service", args=[row.key]), {"name": "Pay a bill", "url": row.url})
    client.post(reverse("links:put-service-away", args=[row.key]))
    row.refresh_from_db()
    assert (row.name, row.active) == ("Pay a bill", False)
    marks = {"shorten": "on", "hosts": "Fernhill.example", "source": "{platform}", "medium": "social", "campaign": ""}
    bad = client.post(reverse("links:set-scheme"), {**marks, "version": 1, "hosts": "https://fernhill.example/"})
    assert bad.status_code == 422
    client.post(reverse("links:set-scheme"), {**marks, "campaign": "{campaign}", "version": 1})
    assert LinkScheme.here().hosts == "fernhill.example"
    stale = client.post(reverse("links:set-scheme"), {**marks, "campaign": "{campaign}", "version": 1})
    assert stale.status_code == 409
