"""Rules of the inbox, watches, and what these have heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from channels_app.models import Channel
from engagement.listening import hearing, watching
from engagement.models import PublicVoice, Rule, RuleFiring, RuleVersion, Watch, WatchHit
from engagement.rules import keeping, trying
from tests.factories import COUNT, NOON, make_user
from tests.factories_inbox import make_conversation, make_incoming


def make_rule(*words: str, on: bool = True, **said: Any) -> Rule:
    """A rule that asks for these words and raises the priority, unless told otherwise; on, after its dry run."""
    name = said.pop("name", f"Rule {next(COUNT)}")
    now = said.pop("now", NOON - timedelta(hours=1))
    by = said.pop("by", None) or make_user("manager")
    if not any(said.get(act) for act in keeping.ACTS):
        said["priority"] = 20
    rule = keeping.make(name, {"words": list(words), **said}, by=by, now=now)
    if on:
        trying.run(rule, by=by, now=now)
        keeping.switch_on(rule, by=by, now=now)
    return rule


def make_firing(channel: Channel) -> RuleFiring:
    """A rule that once did something on this channel."""
    rule = make_rule("never said", on=False)
    version: RuleVersion = rule.newest
    conversation = make_conversation(channel)
    message = conversation.messages.get()
    did = {"priority": [10, 20]}
    return RuleFiring.objects.create(
        rule=rule, version=version, conversation=conversation, message=message, did=did, at=NOON
    )


def make_watch(*names: str, **said: Any) -> Watch:
    """A watch on a topic for three months, unless told otherwise; one on a worker waits for that worker's word."""
    now, by = said.pop("now", NOON - timedelta(hours=1)), said.pop("by", None) or make_user("manager")
    worker = said.get("worker")
    facts = {
        "kind": "worker" if worker else "topic",
        "basis": "consent" if worker else "service",
        "name": f"Watch {next(COUNT)}",
        "names": list(names or ("Mill Road",)),
        "without": [],
        "slips": True,
        "search": True,
        "topic": None,
        "purpose": "To hear of trouble before it is reported to us.",
        "ends_at": now + timedelta(days=90),
        "worker": None,
    }
    return watching.make(facts | said, by=by, now=now)


def make_hit(channel: Channel, watch: Watch | None = None, text: str = "", **facts: Any) -> WatchHit:
    """Something that a search on this channel found."""
    watch = watch or make_watch()
    item = make_incoming(text or f"Puddles on {watch.names[0]} again", **facts)
    assert hearing.take(watch, channel, [item], item.at + timedelta(minutes=1)) == 1
    return WatchHit.objects.get(watch=watch, remote_id=item.remote_id)


def make_voice(handle: str = "", **facts: Any) -> PublicVoice:
    number = next(COUNT)
    said = {"name": f"Library Friends {number}", "kind": "group", "why": "A registered charity", "at": NOON}
    said |= {"handle": handle or f"friends{number}", "by": facts.pop("by", None) or make_user("manager")}
    return PublicVoice.objects.create(**said | facts)
