"""Links: marked so that the town's own sites know where visitors come from, and shortened so that clicks are counted.

A link is frozen before words are signed, never after: `freeze` makes its short address once, and from then on
`for_placement` says the same. Of a click only the link and the moment are kept, nothing about who followed it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.text import slugify

from accounts import audit
from accounts.access import require
from accounts.models import User
from accounts.refusals import Invalid, LostRace
from channels_app.models import Channel, ChannelMarks, Click, Link, LinkScheme

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read or heard as another
LENGTH = 8
FIELDS = ("platform", "channel", "campaign", "kind")
LONGEST = 1000
# Programs that say what they are. A browser inside an app is a person and is counted.
PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|facebookcatalog|embedly|whatsapp/|telegram|discord"
    r"|mastodon|pleroma|akkoma|misskey|friendica|headless|curl/|wget/|python|httpx|okhttp|go-http|java/|libwww|axios"
    r"|node-fetch|monitor|uptime|validator|scanner|feed",
    re.IGNORECASE,
)
AHEAD = ("Purpose", "X-Purpose", "X-Moz", "Sec-Purpose")  # a browser that fetches before anybody followed the link
OFF = "Short links are off: Parley does not know its own public address. Set PUBLIC_URL to the https address of it."


@dataclass(frozen=True)
class About:
    """What the marks of a link can say about where it stands."""

    campaign: str = ""
    kind: str = ""


NOTHING = About()


def why_off() -> str:
    """Why links are not shortened here; empty where they are."""
    if not settings.PUBLIC_URL.startswith("https://"):
        return OFF
    return "" if LinkScheme.here().shorten else "Short links are switched off."


def for_placement(ref: UUID, channel: Channel, url: str, about: About = NOTHING) -> str:
    """The address as it goes out on this channel: the short one where it was made already, else the marked one."""
    if not url:
        return ""
    made = Link.objects.filter(origin="post", ref=ref, channel=channel, url=url).order_by("pk").first()
    if made is not None and settings.PUBLIC_URL:
        return short(made)
    return marked(url, channel, about)


def freeze(origin: str, ref: UUID, channel: Channel | None, url: str, now: datetime, about: About = NOTHING) -> str:
    """Make the short address of a link, once; to be called before its words are signed. Returns what goes out."""
    if not url or not _web(url):
        return url
    target = marked(url, channel, about)
    if why_off():
        return target
    made = Link.objects.filter(origin=origin, ref=ref, channel=channel, url=url).order_by("pk").first()
    number = 0
    while made is None:
        code = _code(origin, ref, channel, url, number)
        facts = {"origin": origin, "ref": ref, "channel": channel, "url": url, "target": target, "at": now}
        found, _ = Link.objects.get_or_create(code=code, defaults=facts)
        made, number = (found if (found.ref, found.url) == (ref, url) else None), number + 1
    return short(made)


def short(link: Link) -> str:
    """The whole short address."""
    return _address(link.code)


def to_be(origin: str, ref: UUID, channel: Channel | None, url: str) -> str:
    """The short address that `freeze` makes of it, as good as always; as long as it in any case."""
    return _address(_code(origin, ref, channel, url, 0))


def _address(code: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('short-link', args=[code])}"


def others(channel: Channel, url: str) -> list[str]:
    """The short addresses of this channel that lead to the same page as this one does."""
    if not settings.PUBLIC_URL:
        return []
    own = Link.objects.filter(channel=channel, code=url.rsplit("/", 1)[-1]).values_list("url", flat=True).first()
    same = Link.objects.filter(channel=channel, url=own or url).order_by("-pk")[:200]
    return [short(one) for one in same if short(one) != url]


def marked(url: str, channel: Channel | None, about: About = NOTHING) -> str:
    """The address with the town's marks, where it leads to one of the town's own sites; else as it is."""
    scheme = LinkScheme.here()
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if not _web(url) or host not in hosts(scheme):
        return url
    had = parse_qsl(parts.query, keep_blank_values=True)
    there = {name for name, _ in had}
    added = [(name, value) for name, value in marks(scheme, channel, about).items() if value and name not in there]
    whole = urlunsplit(parts._replace(query=urlencode([*had, *added])))
    return whole if len(whole) <= LONGEST else url


def marks(scheme: LinkScheme, channel: Channel | None, about: About) -> dict[str, str]:
    """The three marks as they stand in an address."""
    own = ChannelMarks.objects.filter(channel=channel).first() if channel else None
    facts = {
        "platform": channel.platform if channel else "partner",
        "channel": slugify(channel.name) if channel else "partner",
        "campaign": slugify(about.campaign),
        "kind": slugify(about.kind),
    }
    return {
        "utm_source": _filled((own and own.source) or scheme.source, facts),
        "utm_medium": _filled((own and own.medium) or scheme.medium, facts),
        "utm_campaign": _filled(scheme.campaign, facts),
    }


def hosts(scheme: LinkScheme) -> set[str]:
    return {line.strip().lower().removeprefix("www.") for line in scheme.hosts.splitlines() if line.strip()}


def follow(code: str, method: str, headers: Mapping[str, str], now: datetime) -> str:
    """Where a short address leads, counted when a person follows it; "" when the desk made no such address."""
    link = Link.objects.filter(code=code).values_list("pk", "target").first()
    if link is None or not _web(link[1]):
        return ""
    if method == "GET" and is_person(headers):
        Click.objects.create(link_id=link[0], at=now)
    return link[1]


def is_person(headers: Mapping[str, str]) -> bool:
    """Not a program that says that it is one, and not a browser that only looks ahead."""
    ahead = " ".join(headers.get(name, "") for name in AHEAD).lower()
    return not ("prefetch" in ahead or "preview" in ahead or PROGRAMS.search(headers.get("User-Agent", "")))


def recent() -> QuerySet[Link]:
    """The links of the town with how often each was followed, the newest first."""
    return Link.objects.select_related("channel").annotate(count=Count("clicks")).order_by("-at", "-pk")


def of(origin: str, ref: UUID, url: str) -> str:
    """The short address that was made for it; "" where none was, or where short links are off now."""
    made = Link.objects.filter(origin=origin, ref=ref, url=url).order_by("pk").first()
    return short(made) if made is not None and settings.PUBLIC_URL else ""


def clicks_of(origin: str, ref: UUID) -> int:
    """How often the short links of one post or share kit were followed."""
    return Click.objects.filter(link__origin__in=_origins(origin), link__ref=ref).count()


def clicks_by_ref(origin: str, refs: Iterable[UUID]) -> dict[UUID, int]:
    """The same for many at once; those that nobody followed are left out."""
    rows = Click.objects.filter(link__origin__in=_origins(origin), link__ref__in=list(refs)).order_by()
    return dict(rows.values_list("link__ref").annotate(Count("pk")))


def _origins(origin: str) -> tuple[str, ...]:
    """A post has its link, and the addresses within its words."""
    return ("post", "text") if origin == "post" else (origin,)


def set_scheme(told: Mapping[str, object], version: int, *, by: User, now: datetime) -> LinkScheme:
    """Choose how links are marked from now on; what is made or signed already stays. Raises Invalid, LostRace."""
    require(by, "change_links", now)
    for name in ("source", "medium", "campaign"):
        _well_formed(str(told[name]))
    LinkScheme.objects.get_or_create(pk=1)
    with transaction.atomic():
        if not LinkScheme.objects.filter(pk=1, version=version).update(**told, version=F("version") + 1):
            raise LostRace("A colleague changed this meanwhile.", next_step="Load the page again, then change it.")
        audit.record("chose", LinkScheme.here(), by=by, now=now, became=dict(told))
    return LinkScheme.here()


def set_marks(channel: Channel, source: str, medium: str, *, by: User, now: datetime) -> None:
    """Give one channel marks of its own; empty ones are the scheme's again."""
    require(by, "change_links", now)
    _well_formed(source)
    _well_formed(medium)
    with transaction.atomic():
        ChannelMarks.objects.update_or_create(channel=channel, defaults={"source": source, "medium": medium})
        audit.record("chose", channel, by=by, now=now, source=source, medium=medium)


def _well_formed(template: str) -> None:
    named = re.findall(r"\{(.*?)\}", template)
    wrong = [name for name in named if name not in FIELDS]
    bare = re.sub(r"\{(?:platform|channel|campaign|kind)\}", "", template)
    if wrong or re.search(r"[^A-Za-z0-9_.~-]", bare):
        raise Invalid(
            f"“{template}” cannot be a mark. It holds letters, figures, - _ . ~ and the words "
            "{platform}, {channel}, {campaign}, {kind}."
        )


def _filled(template: str, facts: Mapping[str, str]) -> str:
    for name in FIELDS:
        template = template.replace("{" + name + "}", facts[name])
    return template.strip("-_")


def _web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _code(origin: str, ref: UUID, channel: Channel | None, url: str, number: int) -> str:
    words = f"{origin}|{ref}|{channel.key if channel else ''}|{url}|{number}"
    drawn = int.from_bytes(hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).digest())
    letters = []
    for _ in range(LENGTH):
        drawn, place = divmod(drawn, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)
