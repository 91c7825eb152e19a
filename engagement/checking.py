"""What the checks say about an answer, in the situation of its conversation, and what its writer decided about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.models import User
from channels_app import platforms
from engagement import considered, promised, wording
from engagement.models import Conversation, Label, Message, Reply, Triage
from engagement.threads import PRIVATE
from policy import checks, firing, judging, profile, setting, situations
from policy.firing import Fired
from policy.judging import Judged
from policy.setting import Setting

COUNTED = ("L1", "L2")  # nothing written, too much written: the counter beside the box says so
OTHERS = 12  # answers of ours under the same post that sameness is looked for in


@dataclass(frozen=True)
class Checked:
    """Findings with their judgements, and the situation: what holds, what is suggested, whether a mode forces it."""

    rows: list[Judged]
    situation: str
    suggested: str
    forced: bool
    here: Setting

    @property
    def musts(self) -> list[checks.Finding]:
        return judging.open_musts(self.rows)


def about(reply: Reply) -> judging.About:
    return judging.About("reply", reply.key, reply)


def look(
    parent: Message,
    text: str,
    chosen: str,
    *,
    reply: Reply | None,
    by: User,
    now: datetime,
    here: Setting | None = None,
    labels: Iterable[str] | None = None,
) -> Checked:
    """The checks of these words as an answer to `parent`; `reply` is their draft, where it is kept already."""
    here = here or setting.at(now)
    suggested = situations.suggested(_labels(parent) if labels is None else labels)
    forced = situations.forced_by(here.mode(parent.channel.scope_id))
    situation = forced or chosen or suggested
    if not text.strip():
        return Checked([], situation, suggested, bool(forced), here)
    asked = context(parent, text, situation, here, by)
    asked = replace(asked, promised=asked.promised | considered.days_of(reply))
    found = checks.check(checks.Draft(text.strip()), asked)
    known = judging.judgements("reply", reply.key if reply else None)
    rows = [row for row in judging.judged(found, known) if row.finding.rule not in COUNTED]
    return Checked(rows, situation, suggested, bool(forced), here)


def _labels(parent: Message) -> Iterable[str]:
    names = Label.objects.filter(conversations=parent.conversation_id).values_list("name", flat=True)
    kind = Triage.objects.filter(conversation=parent.conversation_id).first()
    return [*names, *([kind.get_kind_display()] if kind else [])]


def context(parent: Message, text: str, situation: str, here: Setting, by: User) -> checks.Context:
    mark = wording.mark_of(parent, by, here.replies)
    measured = wording.measure(parent, text, by, mark)
    limits = platforms.get(parent.channel.platform).limits(None)
    private = parent.visibility in PRIVATE
    return replace(
        here.context(profile.REPLY),
        house=here.private if private else here.replies,
        situation=situation,  # type: ignore[arg-type]
        place=parent.channel.get_platform_display(),
        network=parent.channel.platform,
        used=measured.used,
        limit=measured.limit,
        alt=limits.alt,
        public=not private,
        their_words=parent.text,
        person=str(parent.person or ""),
        earlier=tuple(_answers_beside(parent)),
        sign_off=mark,
        signs=parent.channel.sign_off,  # type: ignore[arg-type]
        promised=promised.days_covered(parent.conversation_id, text, here.town.today),
    )


def _answers_beside(parent: Message) -> Iterable[str]:
    """What we answered others under the same post, the newest first."""
    if not parent.root_id or parent.visibility in PRIVATE:
        return []
    ours = Message.objects.filter(channel=parent.channel, root_id=parent.root_id, ours=True, gone_at=None)
    ours = ours.exclude(kind="post").exclude(conversation=parent.conversation_id)
    return ours.order_by("-at").values_list("text", flat=True)[:OTHERS]


def note_firings(reply: Reply, checked: Checked, now: datetime) -> None:
    """Remember what fired on an answer when its writer asked for something; not while one types."""
    scope = reply.parent.channel.scope_id
    fired = [Fired(row.finding, [scope]) for row in checked.rows]
    off = checked.here.replies.off
    if off:
        loud = replace(checked.here, replies=replace(checked.here.replies, off=frozenset()))
        again = context(reply.parent, reply.text, checked.situation, loud, reply.author)
        found = checks.check(checks.Draft(reply.text), again)
        fired += [Fired(one, [scope], off=True) for one in found if one.rule in off]
    firing.note("reply", reply.key, fired, now)


def judge(conversation: Conversation, asked: dict[str, str], *, by: User, now: datetime) -> bool:
    """Carry out an override, a dismissal or taking it back on this person's draft; False where none was asked for."""
    if not any(asked.get(name) for name in ("override", "dismiss", "speak_again")):
        return False
    draft = wording.draft_of(conversation, by)
    if draft is None:
        return False
    checked = look(draft.parent, draft.text, draft.situation, reply=draft, by=by, now=now)
    note_firings(draft, checked, now)
    return judging.decide(about(draft), [row.finding for row in checked.rows], asked, by=by, now=now)


def fixed(text: str, checked: Checked, value: str) -> str:
    """The words with one fix put in; as they are where the text has moved on."""
    for row in checked.rows:
        if fix_value(row.finding) == value:
            return checks.apply(text.strip(), row.finding)
    return text


def fix_value(finding: checks.Finding) -> str:
    span = finding.fix and (finding.fix.span or finding.span)
    return f"{finding.rule}:{span[0]}:{span[1]}" if span else ""
