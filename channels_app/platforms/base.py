"""What every platform module is given and what it gives back.

A call that changes something on a platform ends in exactly four ways: it returns a `Receipt`, or it raises
`TryLater`, `Refused` or `Uncertain`. `TryLater` and `Refused` are raised only where the platform's proof table
shows that nothing was accepted; everything else, an unforeseen error included, is `Uncertain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from channels_app.platforms.limits import Limits as Limits
from channels_app.platforms.limits import Measured as Measured
from channels_app.platforms.limits import PollLimits as PollLimits
from channels_app.platforms.limits import VideoLimits as VideoLimits

Kind = Literal["post", "reply", "hide", "unhide", "like", "unlike", "delete"]
Visibility = Literal["public", "unlisted", "private", "direct"]


class Secret:
    """A token in clear. It has no readable form: str, repr and formatting show asterisks; `reveal()` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True)
class Account:
    """One account on one platform, as a platform module needs it. `host` has no scheme: `api.x.com`."""

    platform: str
    host: str
    remote_id: str
    handle: str
    secrets: Mapping[str, Secret] = field(repr=False)
    practice: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """An image to publish. `key` is Parley's own stable name for it.

    `url` is a sealed public address of it, for a platform that fetches pictures itself; "" where Parley has none.
    """

    key: str
    mime: str
    alt: str
    width: int
    height: int
    data: bytes = field(repr=False)
    url: str = field(default="", repr=False)


@dataclass(frozen=True)
class Captions:
    """The words of a video as WebVTT, and the language they are in ("en")."""

    text: str
    language: str


@dataclass(frozen=True)
class Video:
    """A video to publish: a file to be read in parts, never held whole. `url` as a picture's; `seconds` its length.

    `cover` is where the picture that stands for it is, a JPEG.
    """

    key: str
    mime: str
    width: int
    height: int
    seconds: float
    size: int  # bytes
    path: str = field(repr=False)
    alt: str = ""
    captions: Captions | None = None
    url: str = field(default="", repr=False)
    cover: str = field(default="", repr=False)


@dataclass(frozen=True)
class Poll:
    """A question's answers to choose one from, open for so many minutes. The question is the text of the post."""

    options: Sequence[str]
    minutes: int


@dataclass(frozen=True)
class Outgoing:
    """One frozen, approved thing to send. `prepared` maps a step's name to the id the platform gave for it.

    A post with `reply_to` is a part that hangs under another post of our own: the next of a thread, or the first
    comment.
    """

    kind: Kind
    text: str = ""
    link: str = ""
    pictures: Sequence[Picture] = ()
    reply_to: str = ""  # remote id answered by a reply, or that this part of a post hangs under
    root: str = ""  # remote id of the post the thread hangs under
    target: str = ""  # remote id acted on by hide, unhide, like, unlike, delete
    mention: str = ""  # handle a reply must name to reach the person (Mastodon)
    visibility: Visibility = "public"
    language: str = ""
    idem_key: str = ""
    prepared: Mapping[str, str] = field(default_factory=dict)
    poll: Poll | None = None
    video: Video | None = None
    title: str = ""  # where posts have one, apart from their text

    @property
    def is_comment(self) -> bool:
        """A reply, or the first comment under our own post."""
        return self.kind == "reply" or bool(self.reply_to)


@dataclass(frozen=True)
class Receipt:
    """The platform's word that it took the thing. `pending`: accepted, still being processed by the platform."""

    remote_id: str
    url: str = ""
    at: datetime | None = None
    pending: bool = False


class Ending(Exception):
    """Base of the three ways a call can end without a receipt. `words` is a sentence for staff, without secrets."""

    def __init__(self, words: str, *, code: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.code = code


class TryLater(Ending):
    """Proven not accepted; may be sent again after `wait` seconds. `whole_channel`: a limit of the channel.

    `anew`: what was prepared is of no use any more; its steps are done again. `at_work`: the platform is well, has
    what it was given, and is not done with it.
    """

    def __init__(
        self,
        words: str,
        *,
        wait: float = 60,
        code: str = "",
        whole_channel: bool = False,
        anew: bool = False,
        at_work: bool = False,
    ) -> None:
        super().__init__(words, code=code)
        self.wait = wait
        self.whole_channel = whole_channel
        self.anew = anew
        self.at_work = at_work


class Refused(Ending):
    """Proven not accepted and useless to repeat. `cause` tells whose turn it is:

    `content` (edit it), `token` (reconnect the channel), `permission` (a right is gone), `gone` (what it answers or
    acts on is not there any more).
    """

    def __init__(self, words: str, *, cause: Literal["content", "token", "permission", "gone"], code: str = "") -> None:
        super().__init__(words, code=code)
        self.cause = cause


class Uncertain(Ending):
    """Nobody can say yet whether it was accepted. Never sent again by itself. `wait`: a limit the platform named."""

    def __init__(self, words: str, *, code: str = "", wait: float = 0) -> None:
        super().__init__(words, code=code)
        self.wait = wait


@dataclass(frozen=True)
class Candidate:
    """Something of ours seen on the platform while looking for a delivery that may have gone out."""

    remote_id: str
    url: str
    text: str
    at: datetime
    pictures: int
    reply_to: str = ""


@dataclass(frozen=True)
class Lookup:
    """The answer to "is it there?". `exact`: found by id, or (for an act on what is there) seen to be done.

    `candidates` are matches already: ours, the same words once shortened links and markup are undone, the same number
    of pictures, under the same parent, written no earlier than 5 s before `since`. Exactly one means found.
    `complete` says that the read reached back past `since`; an incomplete read proves nothing about absence.
    """

    candidates: Sequence[Candidate] = ()
    exact: Candidate | None = None
    complete: bool = True
    # Doing it again cannot do it twice: hide, like, delete always; with our key, for half an hour after `since`.
    resend_safe: bool = False


@dataclass(frozen=True)
class Shown:
    """A video as the public sees it. `captions`: the languages it has captions in; None where that is not told."""

    url: str = ""
    captions: Sequence[str] | None = None
    alt: str = ""


@dataclass(frozen=True)
class Incoming:
    """One item read from a platform. `kind`: post (our own), comment, reply, mention, direct.

    One item has one kind, whichever stream it is met in. Our own replies come with `author_id` equal to the account's.
    Where a platform does not tell the top of a thread, `thread_key` is the nearest ancestor known; an item whose
    `parent_id` is already known belongs with it.
    """

    kind: Literal["post", "comment", "reply", "mention", "direct"]
    remote_id: str
    thread_key: str  # top-level comment, first mention or private thread
    parent_id: str  # what it answers; "" for a top-level one
    root_id: str  # our post it hangs under; "" where there is none
    author_id: str
    author_handle: str
    author_name: str
    text: str
    at: datetime
    url: str
    visibility: Visibility = "public"
    language: str = ""
    edited_at: datetime | None = None
    hidden: bool = False
    pictures: Sequence[Mapping[str, str]] = ()  # {"url", "alt"}
    videos: Sequence[Shown] | None = None  # None where the platform does not tell; a video is no picture as well
    poll: Sequence[str] = ()  # the options people choose from
    numbers: Mapping[str, int | None] = field(default_factory=dict)  # for posts: measures by catalogue name
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Page:
    """One page of a stream, newest first. `next` is the platform's own cursor for the following page, "" at the end.

    `rest`: nothing on the pages that follow is newer than this; None where the newest item here says it. `handle`: what
    the account is called there now, where its own things are known by that name.
    """

    items: Sequence[Incoming]
    next: str = ""
    newest: str = ""  # opaque cursor to keep once the whole walk is done
    rest: datetime | None = None
    handle: str = ""


@dataclass(frozen=True)
class Renewed:
    """What a platform gave for keys that were about to end: the secrets that changed, and when the new ones end."""

    secrets: Mapping[str, Secret] = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Profile:
    """Who a token speaks for, as the test call saw it. `scopes` is None where the platform does not tell."""

    remote_id: str
    handle: str
    name: str
    url: str = ""
    expires_at: datetime | None = None
    scopes: frozenset[str] | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Need:
    """A field of the token form: its key in `Account.secrets`, its label and a sentence of help."""

    key: str
    label: str
    help: str
    required: bool = True
    shown: bool = False  # no secret: it is seen while it is typed, and may hold any character
    spaced: bool = False  # shown with spaces for the eye, which are no part of it


class Platform(Protocol):
    """One platform. Modules satisfy this with module-level names; nothing here keeps state between calls.

    One whose keys end says so with `renew(account) -> Renewed`, which asks for new ones once and raises the endings;
    whoever calls it sees to it that nobody else does at the same time.

    One whose fields are no secrets but an address says what is wrong with it by `objection(secrets) -> str`, and, where
    the address names the server, which one by `host_of(secrets) -> str`. `BY_HAND` marks one where a person posts, and
    `SENDS_PICTURES` one whose pictures, or the one that stands for a video, go with the post itself.

    One that closes private conversations after a time says so with `reply_window(kind) -> timedelta | None`, counted
    from the resident's newest message; `platforms.reply_window` asks, and takes none for no limit.

    One where keys that were typed in can be ended from outside does so by `take_back(account)`; it raises the endings.
    What of them is left even then, a person ends there: it says so with `REMAINS`, a sentence.

    `THREADS` marks one whose pages of comments are of threads, the newest thread first and its answers within: what is
    new may stand on any page. Its posts tell in their numbers how many comments they have.

    One where the answers to each comment cost a call says with `knowing(answers) -> str` at which `page` a reading
    begins that need not ask for those that are known, so many of each comment.

    One whose links end with no number says with `id_in(url) -> str` which of its ids a pasted link names, "" for none.
    """

    NAME: str  # "x"
    LABEL: str  # "X"
    # publish, link, images, video, captions, title, poll, thread (posts under the own post), first_comment (one comment
    # under it), delete, reply, hide, like (what others write in public), like_direct (their private messages too),
    # own_posts, comments, mentions, direct, metrics, search (what strangers say in public)
    CAN: frozenset[str]
    HOST: str  # default API host; "" where the town names its own server
    NEEDS: Sequence[Need]
    STREAMS: Sequence[str]  # what to `fetch`: posts, comments (one `root` each), mentions (direct messages included)
    PROOF: Mapping[str, str]  # answer code -> what it proves, in words; the only proofs of "not sent"
    KEYED: bool  # the platform takes our idempotency key

    def limits(self, account: Account | None) -> Limits: ...

    def measure(self, text: str, account: Account | None = None, link: str = "") -> Measured: ...

    def words(self, outgoing: Outgoing) -> str:
        """The text as it is sent: with its link and the handle a reply must name, where these go into the text."""

    def profile(self, account: Account) -> Profile:
        """Test call: whom the token speaks for. Raises Refused(cause="token") for a bad token, TryLater otherwise."""

    def steps(self, account: Account, outgoing: Outgoing) -> Sequence[str]:
        """Names of the repeatable steps before sending, in order (one per picture); those in `prepared` are done."""

    def prepare(self, account: Account, outgoing: Outgoing, step: str) -> str:
        """Do one step and return the id to keep. May be repeated without harm. Raises the endings."""

    def send(self, account: Account, outgoing: Outgoing) -> Receipt:
        """Send once. Never retries by itself. Raises the endings."""

    def look_up(self, account: Account, outgoing: Outgoing, since: datetime) -> Lookup:
        """Read-only: is this thing on the platform since `since`? Raises TryLater when it cannot be read."""

    def read(self, account: Account, remote_id: str, kind: str) -> Incoming | None:
        """One item as the public sees it, None when it is gone. Raises TryLater, Refused(cause="token")."""

    def fetch(self, account: Account, stream: str, page: str, root: str = "") -> Page:
        """One page of a stream, newest first; `page` is "" or the `next` of the page before.

        `root` names our post for the stream "comments". Raises TryLater, Refused.
        """

    def search(self, account: Account, phrases: Sequence[str], since: datetime) -> Sequence[Incoming]:
        """Public items by others with any of these phrases, written since then; nothing where it CANnot search.

        It may bring more than asked, and as much as the platform lets be found. Raises TryLater, Refused.
        """

    def metrics(self, account: Account, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
        """Numbers by remote id and catalogue name; "" is the profile itself. A number the platform hides is None."""
