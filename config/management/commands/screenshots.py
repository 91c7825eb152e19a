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
from calendar_app.models import Import, Notice, Post, Series
from channels_app.models import Channel, Consent
from engagement.models import Conversation
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


def shots() -> list[Shot]:
    """Every main page, with the liveliest thread, post, channel and objective there are."""
    now = clock.now()
    thread = Conversation.objects.annotate(said=Count("messages")).filter(state="open", private=False)
    thread_key = thread.order_by("-said", "pk").values_list("key", flat=True).first()
    post_key = _post(Q(placements__delivery__state="scheduled"))
    sent_key = _post(Q(placements__delivery__state="published"))
    series_key = Series.objects.order_by("pk").values_list("key", flat=True).first()
    part_key, draft_key = _post(Q(part__n=2)), _post(Q(part=None, placements__state="draft"))
    channel_key = Channel.objects.order_by("pk").values_list("key", flat=True).first()
    objective_key = Objective.objects.order_by("pk").values_list("key", flat=True).first()
    picture_key = Consent.objects.values_list("media__key", flat=True).first()
    campaign_key = Notice.objects.values_list("campaign__key", flat=True).first()
    needed = {series_key, part_key, draft_key, thread_key, post_key, sent_key, channel_key, objective_key}
    if None in needed | {picture_key, campaign_key}:
        raise CommandError("This trial's town is not finished; start the trial and wait for READY.")
    day = to_wall(now, Town.here().zone).date()
    return [
        Shot("today", reverse("desk:today")),
        Shot("inbox", reverse("inbox:queue")),
        Shot("thread", reverse("inbox:conversation", args=[thread_key]) + "?tab=team"),
        Shot("calendar", reverse("calendar:month")),
        Shot("week", reverse("calendar:month") + "?view=week"),
        Shot("select", reverse("calendar:month") + "?select=1"),
        Shot("agenda", reverse("calendar:month") + "?view=agenda"),
        Shot("rhythm", reverse("calendar:rhythm")),
        Shot("dates", reverse("calendar:dates")),
        Shot("topics", reverse("calendar:topics"), "manager"),
        Shot("balance", reverse("calendar:balance"), "manager"),
        Shot("day", reverse("calendar:day", args=[day.isoformat()])),
        Shot("drafts", reverse("calendar:drafts")),
        Shot("ways", reverse("plan:ways")),
        Shot("print", reverse("plan:print")),
        Shot("imports", reverse("plan:imports")),
        Shot("import", reverse("plan:import", args=[_import("checked")])),
        Shot("import-columns", reverse("plan:import", args=[_import("new")])),
        Shot("series", reverse("series:series", args=[series_key])),
        Shot("series-part", reverse("calendar:post", args=[part_key])),
        Shot("make-series", reverse("series:new", args=[draft_key])),
        Shot("new-post", reverse("calendar:new-post")),
        Shot("composer", reverse("calendar:edit-post", args=[post_key])),
        Shot("post", reverse("calendar:post", args=[sent_key])),
        Shot("media", reverse("media:library")),
        Shot("picture", reverse("media:picture", args=[picture_key])),
        Shot("campaign", reverse("campaigns:campaign", args=[campaign_key])),
        Shot("audiences", reverse("campaigns:audiences")),
        Shot("production", reverse("production:board")),
        Shot("services", reverse("links:services"), "manager"),
        Shot("links", reverse("links:links"), "manager"),
        Shot("sign-off", reverse("desk:sign-off"), "approver"),
        Shot("who-signs", reverse("policy:signing-rules"), "manager"),
        Shot("receipts", reverse("calendar:receipts")),
        Shot("corrections", reverse("calendar:corrections")),
        Shot("ideas", reverse("calendar:ideas")),
        Shot("send-idea", reverse("calendar:send-idea"), "contributor"),
        Shot("contributors", reverse("calendar:contributors")),
        Shot("channels", reverse("channels:list")),
        Shot("channel", reverse("channels:channel", args=[channel_key]), "administrator"),
        Shot("connect", reverse("channels:choose-platform"), "administrator"),
        Shot("objectives", reverse("measures:objectives"), "manager"),
        Shot("objective", reverse("measures:objective", args=[objective_key]), "manager"),
        Shot("settings", reverse("accounts:settings"), "administrator"),
        Shot("people", reverse("accounts:people"), "administrator"),
        Shot("working", reverse("desk:working"), "administrator"),
        Shot("profile", reverse("accounts:profile")),
        Shot("notifications", reverse("accounts:notifications")),
    ]


def _import(state: str) -> Any:
    return Import.objects.filter(state=state).order_by("pk").values_list("key", flat=True).first()


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
        page.get_by_role("button", name="Sign in").click()
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
