"""What a placement says: its payload as it would be frozen, its hash, and how long it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from accounts.walltime import to_wall
from calendar_app import carrying, declaring, filming
from calendar_app.carrying import More
from calendar_app.declaring import Paid
from calendar_app.filming import Film
from calendar_app.models import Placement, Post, PostPicture
from channels_app import links, platforms, text_links
from channels_app.models import Channel, Delivery
from channels_app.platforms import base
from channels_app.platforms.base import Account, Measured, Outgoing, Picture
from channels_app.publishing.outgoing import text_hash
from policy import approvals
from policy.situations import EVERYDAY

SAME_WORDS = timedelta(hours=48)
NEAR = 0.9
NEAR_READ = 100  # deliveries around a post whose words are compared one by one


@dataclass(frozen=True)
class About:
    """What the checks know about a post beside its words: the writer's choices, and the facts that have a source."""

    kind: str = "news"
    topic: str = ""
    situation: str = EVERYDAY
    paid: Paid = field(default_factory=Paid)
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What would go out on one channel, whether it is stored already or still being typed.

    `part` counts what follows the first: it is 0 for the post itself. `text` and the parts are as they were written;
    `short` says what stands for which address within them when they go out. `film` is the video, `left` the one that
    this channel's platform does not take.
    """

    channel: Channel
    text: str
    link: str = ""
    pictures: tuple[PostPicture, ...] = ()
    language: str = ""
    own: bool = False
    about: About = field(default_factory=About)
    more: More = field(default_factory=More)
    part: int = 0
    short: Mapping[str, str] = field(default_factory=dict)
    film: Film | None = None
    left: PostPicture | None = None

    @property
    def goes(self) -> str:
        """The text as it goes out."""
        return text_links.put(self.text, self.short)

    @property
    def goes_more(self) -> More:
        """What follows it, as it goes out."""
        return replace(self.more, parts=tuple(text_links.put(one, self.short) for one in self.more.parts))

    @property
    def texts(self) -> list[str]:
        return [self.text, *self.more.parts]


def said(placement: Placement, post: Post | None = None) -> Said:
    post = post or placement.post
    hung = tuple(post.pictures.all())
    film, left = filming.fitting(hung, placement.channel)
    words = Said(
        channel=placement.channel,
        text=(placement.text or post.text).strip(),
        link=link_of(placement, post),
        pictures=filming.stills(hung),
        language=post.language,
        own=bool(placement.text),
        about=about(post),
        more=carrying.fitting(carrying.of_placement(placement), placement.channel),
        film=film,
        left=left,
    )
    short = text_links.made(post.key, placement.channel, words.texts)
    return _shortened(words, short, post.link, words.link)


def _shortened(words: Said, short: dict[str, str], link: str, stands: str) -> Said:
    """The link of the post is one address, wherever it stands: beside the words and within them."""
    if link and link in short:
        return replace(words, link=stands, short=short | {link: stands})
    return replace(words, short=short) if short else words


def with_expected(words: Said, ref: UUID) -> Said:
    """Words that are still being written, as their addresses will stand once they are scheduled."""
    short = text_links.expected(ref, words.channel, words.texts)
    return _shortened(words, short, words.link, links.to_be("post", ref, words.channel, words.link))


def link_of(placement: Placement, post: Post) -> str:
    """The link as it goes out on this channel: marked, and short once it was frozen (see `channels_app.links`)."""
    return links.for_placement(post.key, placement.channel, post.link, link_about(post)) if post.link else ""


def freeze_link(placement: Placement, now: datetime) -> None:
    """Make the short addresses before the words are signed, so that what is signed is what goes out."""
    post = placement.post
    links.freeze("post", post.key, placement.channel, post.link, now, link_about(post))
    text_links.freeze(post.key, placement.channel, said(placement, post).texts, now, link_about(post))


def link_about(post: Post) -> links.About:
    return links.About(post.campaign.name if post.campaign else "", post.kind)


def pieces(words: Said) -> list[Said]:
    """The post, and each part that follows it: words alone."""
    rest = [
        replace(words, text=text, link="", pictures=(), film=None, left=None, more=More(), part=number, own=True)
        for number, text in enumerate(words.more.parts, 1)
    ]
    return [words, *rest]


def everything(words: Said) -> str:
    """All that can be read there, in one text."""
    options = words.more.poll.options if words.more.poll else ()
    head = [words.more.title] if words.more.title else []
    return "\n\n".join([*head, words.goes, *words.goes_more.parts, *options])


def about(post: Post) -> About:
    return About(
        post.kind,
        post.topic.name if post.topic else "",
        post.situation,
        declaring.paid_of_json(post.declared),
        tuple(one.words for one in post.facts.all()),
    )


def nowhere(text: str, link: str, hung: tuple[PostPicture, ...], language: str, told: About) -> Said:
    """Words for which no channel is chosen yet."""
    film, _ = filming.fitting(hung, Channel())
    return Said(Channel(), text.strip(), link, filming.stills(hung), language, about=told, film=film)


def payload(words: Said) -> dict[str, object]:
    """The words as a delivery freezes them and an approval covers them, with every part and the poll."""
    return {
        **carrying.as_json(words.goes_more),
        **filming.payload(words.film),
        "text": words.goes,
        "link": words.link,
        "pictures": [{"media": str(one.media.key), "alt": one.alt.strip()} for one in words.pictures],
        "reply_to": "",
        "root": "",
        "target": "",
        "mention": "",
        "visibility": "public",
        "language": words.language,
    }


def content_hash(placement: Placement, post: Post | None = None) -> str:
    return approvals.content_hash(payload(said(placement, post)), placement.channel.key)


def account(channel: Channel) -> Account:
    """The account as far as counting needs it: without its tokens."""
    return Account(
        channel.platform, channel.host, channel.remote_id, channel.handle, {}, channel.practice, channel.limits
    )


def measured(words: Said) -> Measured:
    """How long it is, by the platform's own count, with the link where it goes into the text."""
    link, text = words.link, words.goes
    if words.channel.platform == "facebook" and words.pictures and link and link not in text:
        return platforms.get("facebook").measure(f"{text}\n\n{link}", account(words.channel))
    return platforms.get(words.channel.platform).measure(text, account(words.channel), link)


def counted_state(count: Measured) -> str:
    if count.used > count.limit:
        return "over"
    return "near" if count.used > count.limit * NEAR else ""


def outgoing(words: Said) -> Outgoing:
    blank = [Picture(str(one.media.key), one.media.mime, one.alt, 0, 0, b"") for one in words.pictures]
    told = words.more.poll
    poll = base.Poll(told.options, told.minutes) if told else None
    under = "the first" if words.part else ""
    return Outgoing(
        "post",
        text=words.goes,
        link=words.link,
        pictures=blank,
        language=words.language,
        reply_to=under,
        poll=poll,
        video=filming.outgoing(words.film),
        title=words.more.title,
    )


def as_sent(words: Said) -> str:
    """The text exactly as the platform gets it."""
    return platforms.get(words.channel.platform).words(outgoing(words))


def to_read(words: Said) -> str:
    """Everything that would go out there, in one text for whoever signs it."""
    rest = [f"{part.part + 1}. {as_sent(part)}" for part in pieces(words)[1:]]
    poll = words.more.poll
    asked = [f"Poll, open for {dict(carrying.MINUTES).get(poll.minutes, f'{poll.minutes} min')}:"] if poll else []
    head = [f"Title: {words.more.title}"] if words.more.title else []
    film = [f"Video: {words.film.media.name}, {words.film.length}, {_captioned(words.film)}"] if words.film else []
    return "\n\n".join(
        [*head, as_sent(words), *film, *asked, *(f"○ {one}" for one in (poll.options if poll else ())), *rest]
    )


def _captioned(film: Film) -> str:
    sent = film.captions is not None or film.standing == "open"
    return filming.STANDING[film.standing] if sent else "no captions there"


def same_words_soon(post: Post | None, all_words: Iterable[Said], due_at: datetime, zone: str) -> dict[int, str]:
    """By channel: when the same words go or went out there within two days of `due_at`, in words."""
    all_words = list(all_words)
    mine = {words.channel.pk: text_hash(words.channel, outgoing(words)) for words in all_words if words.text}
    near = Delivery.objects.filter(kind="post", due_at__range=(due_at - SAME_WORDS, due_at + SAME_WORDS))
    near = near.exclude(state__in=["cancelled", "failed", "removed"])
    if post is not None:
        near = near.exclude(release__placement__post=post)
    rows = near.filter(channel__in=mine, text_hash__in=mine.values())
    led = [row for words in all_words for row in [*_same_end(words, near), *_same_within(words, near)]]
    told: dict[int, str] = {}
    for row in sorted([*rows, *led], key=lambda one: one.due_at):
        if row in led or mine[row.channel_id] == row.text_hash:
            told.setdefault(row.channel_id, f"on {day_and_time(row.due_at, zone)}")
    return told


def _same_end(words: Said, near: QuerySet[Delivery]) -> list[Delivery]:
    """Those of the same text whose short link leads to the same page: every post has short links of its own."""
    others = links.others(words.channel, words.link) if words.text and words.link else []
    if not others:
        return []
    return list(near.filter(channel=words.channel, payload__text=words.text, payload__link__in=others))


def _same_within(words: Said, near: QuerySet[Delivery]) -> list[Delivery]:
    """Those whose words are the same once the short links within them are told as what they were made of."""
    if not words.short:
        return []
    rows = near.filter(channel=words.channel).order_by("-due_at")[:NEAR_READ]
    return [row for row in rows if text_links.expanded(row.payload.get("text", "")) == words.text]


def place(channel: Channel) -> str:
    """Fernhill Town (Facebook), and a name that says its platform as it is."""
    platform = channel.get_platform_display()
    return channel.name if channel.name.endswith(f" on {platform}") else f"{channel.name} ({platform})"


def places(placements: Iterable[Placement]) -> str:
    return ", ".join(place(one.channel) for one in placements)


def day_and_time(moment: datetime, zone: str) -> str:
    """Thu 5 March, 10:00"""
    wall = to_wall(moment, zone)
    return f"{wall:%a} {wall.day} {wall:%B, %H:%M}"
