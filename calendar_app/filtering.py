"""What the calendar can be filtered by, and what the address asks to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import User
from calendar_app import slots
from calendar_app.models import Campaign, Post
from calendar_app.models.posts import KINDS, sees_own_only
from channels_app.models import Channel
from policy.models import Objective, Topic

UNDER_WAY = ("scheduled", "retry_wait", "claimed", "preparing", "sending", "awaiting_platform", "unknown")
FOR_A_PERSON = ("needs_attention", "missed", "blocked", "failed")
STATES = {
    "draft": ("Draft", Q(state="draft")),
    "in_review": ("In review", Q(state="in_review")),
    "approved": ("Approved, not scheduled", Q(state="approved", delivery=None)),
    "scheduled": ("Scheduled", Q(state="approved", delivery__state__in=UNDER_WAY)),
    "needs_you": ("Needs a person", Q(state="approved", delivery__state__in=FOR_A_PERSON)),
    "published": ("Published", Q(state="approved", delivery__state__in=("published", "removed"))),
}
UNPLANNED = "unplanned"
NAMED = ("channel", "campaign", "objective", "topic", "kind", "state", "author")


@dataclass(frozen=True)
class Option:
    """Something one can filter by; `key` is what the address says."""

    key: str
    name: str
    hue: int = 0

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Filters:
    """What the address asks to see; what it names and nobody has is left out."""

    channel: Channel | None = None
    campaign: Option | None = None
    objective: Option | None = None
    topic: Option | None = None
    kind: Option | None = None
    state: Option | None = None
    author: Option | None = None

    def condition(self) -> Q:
        wanted = STATES[self.state.key][1] if self.state else Q()
        if self.channel:
            wanted &= Q(channel=self.channel)
        if self.campaign:
            wanted &= Q(post__campaign__key=self.campaign.key)
        if self.topic:
            wanted &= Q(post__topic=int(self.topic.key))
        if self.kind:
            wanted &= Q(post__kind=self.kind.key)
        if self.author:
            wanted &= Q(post__author__key=self.author.key)
        if self.objective and self.objective.key == UNPLANNED:
            return wanted & Q(post__objective=None)
        return wanted & Q(post__objective__key=self.objective.key) if self.objective else wanted

    def chips(self) -> list[tuple[str, str]]:
        """The active ones: parameter and words."""
        return [(name, str(getattr(self, name))) for name in NAMED if getattr(self, name)]


@dataclass
class Choices:
    """What can be filtered by. `channels` holds the archived ones too, for what went out there."""

    channels: list[Channel] = field(default_factory=list)
    campaigns: list[Option] = field(default_factory=list)
    objectives: list[Option] = field(default_factory=list)
    topics: list[Option] = field(default_factory=list)
    authors: list[Option] = field(default_factory=list)

    @property
    def living(self) -> list[Channel]:
        return [one for one in self.channels if one.state != "archived"]

    def groups(self, wanted: Filters) -> list[tuple[str, str, str, list[Option], str]]:
        """For each filter but the channel: parameter, label, what no choice is called, options, the chosen key."""
        rows = (
            ("state", "State", "Any state", STATE_OPTIONS),
            ("kind", "Kind of post", "Any kind", KIND_OPTIONS),
            ("campaign", "Campaign", "Any campaign", self.campaigns),
            ("topic", "Topic", "Any topic", self.topics),
            ("objective", "Objective", "Any objective", self.objectives),
            ("author", "Author", "Anybody", self.authors),
        )
        chosen = {name: getattr(wanted, name) for name, *_ in rows}
        return [(*row, chosen[row[0]].key if chosen[row[0]] else "") for row in rows]


STATE_OPTIONS = [Option(key, words) for key, (words, _) in STATES.items()]
KIND_OPTIONS = [Option(key, words) for key, words in KINDS]
NO_OBJECTIVE = Option(UNPLANNED, "None: unplanned")


def choices(user: User, now: datetime) -> Choices:
    """Two queries: the channels, and everything that has a name in one."""
    found: dict[str, list[Option]] = {"campaign": [], "topic": [], "objective": [], "author": []}
    for kind, key, name, colour in sorted(_named(user, now), key=lambda one: one[2].lower()):
        found[kind].append(Option(key, name, Campaign.HUES.get(colour, 0)))
    return Choices(
        channels=list(
            slots.with_slots(Channel.objects.visible_to(user, now, "see_calendar").select_related("cadence"))
        ),
        campaigns=found["campaign"],
        objectives=[NO_OBJECTIVE, *found["objective"]],
        topics=found["topic"],
        authors=found["author"],
    )


def _named(user: User, now: datetime) -> QuerySet[Campaign, tuple[str, str, str, str]]:
    """Rows of kind, key, name and colour: campaigns, topics, objectives, and who has written a post."""
    rows = Campaign.objects.filter(active=True).order_by()
    writers = User.objects.filter(Exists(Post.objects.filter(author=OuterRef("pk"))), is_active=True)
    if sees_own_only(user, now):
        writers = writers.filter(pk=user.pk)
    key, none = Cast("key", CharField()), Value("")
    return rows.values_list(Value("campaign"), key, "name", "colour").union(
        Topic.objects.filter(active=True).order_by().values_list(Value("topic"), Cast("pk", CharField()), "name", none),
        Objective.objects.filter(active=True).order_by().values_list(Value("objective"), key, "sentence", none),
        writers.order_by().values_list(Value("author"), key, "name", none),
        all=True,
    )


def filters(asked: Mapping[str, str], offered: Choices) -> Filters:
    """From the address to rows this person may filter by."""

    def of(options: list[Option], name: str) -> Option | None:
        return next((one for one in options if one.key == asked.get(name)), None)

    return Filters(
        channel=next((one for one in offered.channels if str(one.key) == asked.get("channel")), None),
        campaign=of(offered.campaigns, "campaign"),
        objective=of(offered.objectives, "objective"),
        topic=of(offered.topics, "topic"),
        kind=of(KIND_OPTIONS, "kind"),
        state=of(STATE_OPTIONS, "state"),
        author=of(offered.authors, "author"),
    )
