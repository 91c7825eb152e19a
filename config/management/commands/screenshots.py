"""`manage.py screenshots`: pictures of every main page of a running trial, at three widths, light and dark."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q
from django.urls import reverse
from PIL import Image

from accounts import clock
from accounts.models import Town
from accounts.walltime import to_wall
from calendar_app.models import Import, Notice, Placement, Post, Series
from channels_app.models import Captions, Channel, Consent
from engagement.models import (
    Conversation,
    Decision,
    InputCall,
    Issue,
    KickStarter,
    LegalRequest,
    Promise,
    Relationship,
    Rule,
    Watch,
)
from metrics.models import AudienceClaim, BehaviourGoal, OutsideFile, Paid, Sample, WeeklyReport
from policy.models import Objective

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # a requirement of the tests, not of the desk
    sync_playwright = None  # type: ignore[assignment]
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = ((1440, 900), (834, 1112), (390, 844))
SCHEMES = ("light", "dark")
README = settings.BASE_DIR / "static" / "img" / "readme" / "today.webp"
README_LIMIT = 150_000  # bytes
BROWSER_WORDS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"),
    "--force-color-profile=srgb",
]
MISSING = "The screenshots need the tests' tools: run `python3 manage.py test -- --version` once, it installs them."


@dataclass(frozen=True)
class Trial:
    """The running desk: its address, its town's zone, and address and password by role."""

    url: str
    zone: str
    people: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it."""

    name: str
    path: str
    who: str = "publisher"


class Command(BaseCommand):
    help = "Take screenshots of the main pages of a running trial."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8800", help="where the trial answers")
        parser.add_argument("--to", type=Path, default=None, help="the folder for the pictures")
        parser.add_argument("--only", nargs="+", default=[], metavar="PAGE", help="these pages only, such as today")
        parser.add_argument("--full", action="store_true", help="the whole page, not only what a screen shows")
        parser.add_argument("--readme", action="store_true", help="write the README's picture")

    def handle(self, url: str, to: Path | None, only: list[str], full: bool, readme: bool, **options: object) -> None:
        if sync_playwright is None or not shutil.which("chromium"):
            raise CommandError(MISSING)
        if not (to or readme):
            raise CommandError("Say where the pictures go with --to FOLDER, or ask for the README's with --readme.")
        every = shots()
        if unknown := set(only) - {shot.name for shot in every}:
            raise CommandError(f"There is no page called {', '.join(sorted(unknown))}.")
        wanted = [shot for shot in every if not only or shot.name in only]
        trial = Trial(url, Town.here().zone, sign_ins())
        with browsing() as browser:
            if readme:
                self.stdout.write(f"{picture_for_readme(browser, trial)}")
            if to:
                to.mkdir(parents=True, exist_ok=True)
                for path in pictures(browser, trial, wanted, to, full):
                    self.stdout.write(str(path))


def sign_ins() -> dict[str, tuple[str, str]]:
    """Address and password by role, as the trial wrote them down."""
    path = settings.HOME / "sign-ins.txt"
    if not path.exists():
        raise CommandError(f"No sign-ins in {settings.HOME}; name the home of the running trial with PARLEY_HOME.")
    found: dict[str, tuple[str, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        address, password, roles = line.split(maxsplit=2)
        for role in roles.partition(":")[0].split(" and "):
            found.setdefault(role, (address, password))
    return found


# Pages that need no row of their own to be about: name, route, query, and who looks (a publisher, unless named).
PAGES = (
    ("today", "desk:today", "", "publisher"),
    ("inbox", "inbox:queue", "", "publisher"),
    ("inbox-search", "inbox:queue", "?tab=team&q=bin", "publisher"),
    ("inbox-views", "inbox:views", "", "publisher"),
    ("calendar", "calendar:month", "", "publisher"),
    ("week", "calendar:month", "?view=week", "publisher"),
    ("select", "calendar:month", "?select=1", "publisher"),
    ("agenda", "calendar:month", "?view=agenda", "publisher"),
    ("rhythm", "calendar:rhythm", "", "publisher"),
    ("dates", "calendar:dates", "", "publisher"),
    ("topics", "calendar:topics", "", "manager"),
    ("balance", "calendar:balance", "", "manager"),
    ("drafts", "calendar:drafts", "", "publisher"),
    ("ways", "plan:ways", "", "publisher"),
    ("print", "plan:print", "", "publisher"),
    ("imports", "plan:imports", "", "publisher"),
    ("new-post", "calendar:new-post", "", "publisher"),
    ("promises", "promises:all", "", "publisher"),
    ("issues", "issues:all", "", "publisher"),
    ("places", "issues:places", "", "manager"),
    ("media", "media:library", "", "publisher"),
    ("audiences", "campaigns:audiences", "", "publisher"),
    ("production", "production:board", "", "publisher"),
    ("services", "links:services", "", "manager"),
    ("links", "links:links", "", "manager"),
    ("sign-off", "desk:sign-off", "", "approver"),
    ("decisions", "inbox:decisions", "", "approver"),
    ("who-signs", "policy:signing-rules", "", "manager"),
    ("conversation-asked-for", "policy:floors", "", "manager"),
    ("incidents", "policy:incidents", "", "manager"),
    ("receipts", "calendar:receipts", "", "publisher"),
    ("corrections", "calendar:corrections", "", "publisher"),
    ("ideas", "calendar:ideas", "", "publisher"),
    ("send-idea", "calendar:send-idea", "", "contributor"),
    ("contributors", "calendar:contributors", "", "publisher"),
    ("saved-replies", "inbox:saved-replies", "", "publisher"),
    ("answers", "inbox:answers", "", "publisher"),
    ("reasons", "inbox:reasons", "", "publisher"),
    ("asked-of-departments", "inbox:all-handed", "", "contributor"),
    ("channels", "channels:list", "", "publisher"),
    ("channel-health", "channels:health", "", "manager"),
    ("key-register", "channels:keys", "", "administrator"),
    ("channel-review", "desk:review-channels", "", "manager"),
    ("connect", "channels:choose-platform", "", "administrator"),
    ("objectives", "measures:objectives", "", "manager"),
    ("measures", "measures:measures", "", "manager"),
    ("reports", "reports:all", "", "manager"),
    ("reports-of-channels", "reports:all", "", "officer of one channel"),
    ("changes", "reports:changes", "", "manager"),
    ("overview", "figures:overview", "?by=month", "manager"),
    ("resonance", "figures:resonance", "", "manager"),
    ("case-for-resources", "figures:case", "?by=month", "manager"),
    ("coverage", "measures:coverage", "", "manager"),
    ("unit-costs", "measures:costs", "", "manager"),
    ("figures-of-others", "measures:outside", "", "manager"),
    ("samples", "measures:samples", "", "manager"),
    ("effects", "measures:effects", "", "manager"),
    ("paid", "measures:paid", "", "manager"),
    ("new-paid", "measures:new-paid", "", "manager"),
    ("audience-cards", "measures:audience-cards", "", "manager"),
    ("reputation", "reports:reputation", "", "manager"),
    ("rules", "inbox:rules", "", "manager"),
    ("new-rule", "inbox:new-rule", "", "manager"),
    ("listening", "listening:all", "", "publisher"),
    ("new-watch", "listening:new-watch", "", "manager"),
    ("public-voices", "listening:voices", "", "manager"),
    ("settings", "accounts:settings", "", "administrator"),
    ("people", "accounts:people", "", "administrator"),
    ("working", "desk:working", "", "administrator"),
    ("profile", "accounts:profile", "", "publisher"),
    ("kick-starters", "inbox:kickstarters", "", "publisher"),
    ("calls", "inbox:calls", "", "publisher"),
    ("idea-box", "inbox:idea-box", "", "publisher"),
    ("relationships", "inbox:relationships", "", "publisher"),
    ("stakeholders", "inbox:stakeholder-map", "", "publisher"),
    ("outreach", "inbox:outreach", "", "manager"),
    ("follow-plan", "inbox:follow-plan", "", "publisher"),
    ("supporters", "inbox:supporters", "", "publisher"),
    ("time", "inbox:time-log", "", "publisher"),
    ("notifications", "accounts:notifications", "", "publisher"),
    ("kept", "inbox:kept", "", "publisher"),
    ("legal-requests", "inbox:legal-requests", "", "publisher"),
    ("response-promises", "response:promises", "", "manager"),
    ("acknowledgements", "response:acknowledgements", "", "manager"),
)


def shots() -> list[Shot]:
    """Every main page."""
    return [Shot(name, reverse(route) + query, who) for name, route, query, who in PAGES] + about()


def about() -> list[Shot]:
    """Pages about one thing: the liveliest thread, and a post, channel, objective and so on of each kind."""
    thread = Conversation.objects.annotate(said=Count("messages")).filter(state="open", private=False)
    thread_key = thread.order_by("-said", "pk").values_list("key", flat=True).first()
    channel_key = Channel.objects.order_by("pk").values_list("key", flat=True).first()
    draft_key, series_key = _post(Q(part=None, placements__state="draft")), _first(Series, "key")
    found = [
        ("thread", "inbox:conversation", thread_key, "publisher"),
        ("snooze", "inbox:snooze", thread_key, "publisher"),
        ("merge", "inbox:merge", thread_key, "publisher"),
        ("we-will-fix-it", "inbox:promise-a-fix", thread_key, "publisher"),
        ("sorry-we-cannot", "inbox:say-no", thread_key, "publisher"),
        ("ask-a-department", "inbox:hand", thread_key, "publisher"),
        ("whose-matter", "inbox:entrust", thread_key, "publisher"),
        ("decision", "inbox:decision", _first(Decision, "key"), "approver"),
        ("escalate", "inbox:escalate", thread_key, "officer"),
        ("import", "plan:import", _import("checked"), "publisher"),
        ("import-columns", "plan:import", _import("new"), "publisher"),
        ("series", "series:series", series_key, "publisher"),
        ("series-part", "calendar:post", _post(Q(part__n=2)), "publisher"),
        ("make-series", "series:new", draft_key, "publisher"),
        ("composer", "calendar:edit-post", _post(Q(placements__delivery__state="scheduled")), "publisher"),
        ("post", "calendar:post", _post(Q(placements__delivery__state="published")), "publisher"),
        ("picture", "media:picture", _first(Consent, "media__key"), "publisher"),
        ("video", "media:picture", _first(Captions, "media__key"), "publisher"),
        ("campaign", "campaigns:campaign", _first(Notice, "campaign__key"), "publisher"),
        ("legal-request", "inbox:legal-request", _first(LegalRequest, "key"), "publisher"),
        ("promise", "promises:promise", _first(Promise, "key"), "publisher"),
        ("issue", "issues:issue", _first(Issue, "key"), "publisher"),
        ("channel", "channels:channel", channel_key, "administrator"),
        ("channel-profile", "channels:profile", channel_key, "publisher"),
        ("channel-access", "channels:access", channel_key, "administrator"),
        ("connect-x", "channels:connect-channel", "x", "administrator"),
        ("connect-app", "channels:app-keys", "facebook", "administrator"),
        ("balance-rows", "calendar:balance-rows", "about-us", "manager"),
        ("rule", "inbox:rule", _first(Rule, "key"), "manager"),
        ("watch", "listening:watch", _first(Watch, "key"), "manager"),
        ("kick-starter", "inbox:kickstarter", _first(KickStarter, "key"), "publisher"),
        ("call", "inbox:call", _first(InputCall, "key"), "publisher"),
        ("relationship", "inbox:relationship", _first(Relationship, "key"), "publisher"),
        ("day", "calendar:day", to_wall(clock.now(), Town.here().zone).date().isoformat(), "publisher"),
        *_of_platforms(),
        *_gathered(),
        *_of_measures(),
    ]
    if not all(key for _, _, key, _ in found):
        raise CommandError("This trial's town is not finished; start the trial and wait for READY.")
    return [Shot(name, reverse(route, args=[key]), who) for name, route, key, who in found]


def _gathered() -> list[tuple[str, str, Any, str]]:
    """What people gather by hand: samples, what a campaign changed, what was paid for, what is known of an audience."""
    campaign, audience = _first(BehaviourGoal, "campaign__key"), _first(AudienceClaim, "audience__key")
    samples, paid = dict(Sample.objects.values_list("state", "key")), dict(Paid.objects.values_list("state", "key"))
    return [
        ("sample", "measures:sample", samples.get("open"), "manager"),
        ("sample-counted", "measures:sample", samples.get("done"), "manager"),
        ("read-sample", "measures:read-sample", samples.get("open"), "officer"),
        ("effect", "measures:effect", campaign, "manager"),
        ("set-goal", "measures:set-goal", campaign, "manager"),
        ("paid-planned", "measures:paid-one", paid.get("planned"), "manager"),
        ("paid-running", "measures:paid-one", paid.get("running"), "manager"),
        ("audience-card", "measures:audience-card", audience, "manager"),
    ]


def _of_platforms() -> list[tuple[str, str, Any, str]]:
    """A channel that films, one that is only read, and one by hand; and what waits there to be done."""
    found: list[tuple[str, str, Any, str]] = []
    waiting = Placement.objects.filter(delivery__state="needs_attention", delivery__why="by_hand")
    for key in waiting.order_by("pk").values_list("key", flat=True)[:1]:
        found.append(("by-hand", "calendar:post-by-hand", key, "publisher"))
    for platform in ("youtube", "rss", "manual"):
        of_it = Channel.objects.living().filter(platform=platform).values_list("key", flat=True)
        found.append((f"channel-{platform}", "channels:channel", of_it.first(), "administrator"))
    return found


def _first(model: Any, column: str) -> Any:
    return model.objects.order_by("pk").values_list(column, flat=True).first()


def _import(state: str) -> Any:
    return Import.objects.filter(state=state).order_by("pk").values_list("key", flat=True).first()


def _of_measures() -> list[tuple[str, str, Any, str]]:
    report = WeeklyReport.objects.filter(state="made").order_by("-week").values_list("week", flat=True).first()
    waiting = OutsideFile.objects.filter(state="new").order_by("pk").values_list("key", flat=True).first()
    return [
        ("objective", "measures:objective", _first(Objective, "key"), "manager"),
        ("figures-of-objective", "figures:objective", _first(Objective, "key"), "manager"),
        ("figures-of-channel", "figures:channel", _first(Channel, "key"), "manager"),
        ("figures-of-campaign", "figures:campaign", _first(Notice, "campaign__key"), "manager"),
        ("report", "reports:report", report, "manager"),
        ("figure", "measures:figure", "within_promise", "manager"),
        ("figures-to-set-up", "measures:outside-file", waiting, "manager"),
    ]


def _post(which: Q) -> Any:
    """The post of that kind that changed last; one with a picture before any without."""
    found = Post.objects.filter(which).annotate(drawn=Count("pictures")).order_by("-drawn", "-changed_at")
    return found.values_list("key", flat=True).first()


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER_WORDS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def signed_in(browser: Browser, trial: Trial, role: str) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", timezone_id=trial.zone, reduced_motion="reduce")
    address, password = trial.people[role]
    try:
        page = context.new_page()
        page.goto(urljoin(trial.url, reverse("account_login")))
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(urljoin(trial.url, "/"))
        yield page
    finally:
        context.close()


def pictures(browser: Browser, trial: Trial, wanted: list[Shot], to: Path, full: bool) -> Iterator[Path]:
    for who in dict.fromkeys(shot.who for shot in wanted):
        with signed_in(browser, trial, who) as page:
            every = [(shot, size, scheme) for shot in wanted if shot.who == who for size in SIZES for scheme in SCHEMES]
            for shot, size, scheme in every:
                path = to / f"{shot.name}-{size[0]}-{scheme}.png"
                show(page, trial, shot.path, size, scheme)
                page.screenshot(path=path, full_page=full, animations="disabled")
                yield path


def show(page: Page, trial: Trial, path: str, size: tuple[int, int], scheme: Any) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    answer = page.goto(urljoin(trial.url, path), wait_until="networkidle")
    if answer is None or not answer.ok:
        raise CommandError(f"{path} answers {answer.status if answer else 'nothing'}.")
    page.evaluate("document.fonts.ready.then(() => true)")


def picture_for_readme(browser: Browser, trial: Trial) -> Path:
    """Today in light, small enough for a README; the quality goes down until it is."""
    with signed_in(browser, trial, "publisher") as page:
        show(page, trial, reverse("desk:today"), SIZES[0], "light")
        picture = Image.open(BytesIO(page.screenshot(animations="disabled")))
    README.parent.mkdir(parents=True, exist_ok=True)
    for quality in (90, 80, 70, 60, 50):
        picture.save(README, "WEBP", quality=quality, method=6)
        if README.stat().st_size <= README_LIMIT:
            break
    return README
