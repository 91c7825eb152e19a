"""Fernhill's other channels, opened some weeks ago: few posts each, and what people said.

It is lived through once everything else has happened, with the clocks turned back, so that nobody waits for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from accounts.models import User
from calendar_app import composing, releasing, scheduling
from calendar_app.carrying import More
from calendar_app.models import Campaign
from calendar_app.words import Alt, Words
from channels_app import connecting, trying
from channels_app.emulator.client import Emulator
from channels_app.models import Channel, Cursor
from config.trial import elsewhere, filming, pictures
from config.trial.desk_life import Desk
from config.trial.elsewhere import Place, Said, Snap, Told
from engagement import intake, replies
from engagement.models import Conversation
from policy.models import Objective, Topic

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SETTLE, LATER = timedelta(seconds=3), timedelta(minutes=1)
SINCE = 11 * DAY
Moment = tuple[datetime, Callable[[datetime], None]]


def spread(desk: Desk, emulator: Emulator, now: datetime) -> None:
    """Open the channels, live through their weeks, and leave what waits today."""
    begun = now - SINCE
    emulator.set_clock(begun, speed=0)
    channels = open_all(emulator, desk.staff["inge"], begun)
    desk.drawn["weir"] = filming.show(desk.staff["amara"], begun)
    for at, happen in sorted(_moments(desk, emulator, channels, now), key=lambda moment: moment[0]):
        emulator.set_clock(at)
        happen(at)
    emulator.set_clock(now)
    for told in elsewhere.LATER:
        _plan(desk, channels, told, now - told.days * DAY, now)
    _hear(channels.values(), now)


def open_all(emulator: Emulator, by: User, now: datetime) -> dict[str, Channel]:
    """Accounts on the platforms, and the channels by the form's function and its trial call."""
    for place in elsewhere.PLACES:
        connecting.connect(
            place.platform,
            "",
            _keys(emulator, place),
            by=by,
            now=now,
            name=place.name,
            opened=place.opened,
        )
    while trying.try_due(now):
        pass
    named = Channel.objects.filter(name__in=[place.name for place in elsewhere.PLACES], state="ok")
    return {channel.platform: channel for channel in named.select_related("scope")}


def _keys(emulator: Emulator, place: Place) -> dict[str, str]:
    """What a person would paste or type into the form."""
    if not place.handle:
        return dict(place.typed)
    made = emulator.create_account(
        place.platform, place.handle, name="Fernhill Town Council", followers=place.followers
    )
    return {"access_token": made["token"], "app_password": made.get("app_password", ""), **dict(place.typed)}


def _moments(desk: Desk, emulator: Emulator, channels: dict[str, Channel], now: datetime) -> Iterator[Moment]:
    for told in elsewhere.TOLD:
        at = now - told.days * DAY
        yield at, partial(_publish, desk, channels, told)
        yield from _talk(desk, emulator, channels, at, told.said)
    for snap in elsewhere.SNAPS:
        at = now - snap.days * DAY
        yield at, partial(_snap, emulator, snap)
        yield from _talk(desk, emulator, channels, at, (snap.said,))
    for days, words in elsewhere.NEWS:
        yield now - days * DAY, partial(_tell, emulator, words)


def _talk(
    desk: Desk, emulator: Emulator, channels: dict[str, Channel], at: datetime, every: tuple[Said, ...]
) -> Iterator[Moment]:
    for said in every:
        yield at + said.hours * HOUR, partial(_say, emulator, said)
        if said.answer:
            yield at + (said.hours + 2) * HOUR, partial(_answer, desk, channels[said.platform], said)


def _publish(desk: Desk, channels: dict[str, Channel], told: Told, at: datetime) -> None:
    _plan(desk, channels, told, at, at - HOUR)
    desk.send(at + SETTLE)
    desk.send(at + LATER)  # keys that had run out meanwhile are renewed by now


def _plan(desk: Desk, channels: dict[str, Channel], told: Told, due: datetime, now: datetime) -> None:
    """Write it and schedule it."""
    by, own = desk.staff["amara"], {str(channels[one].key): "" for one in told.on}
    words = Words(
        text=told.text,
        kind=told.kind,
        topic=Topic.objects.get(name=told.topic),
        campaign=Campaign.objects.filter(name=told.campaign).first(),
        objective=Objective.objects.order_by("id")[1],
        benefit=told.benefit,
        language="en",
        own=own,
        pictures=(_alt(desk, told.picture, now),) if told.picture else (),
        more={key: More(title=told.title) for key in own} if told.title else {},
    )
    post = composing.create(words, by=by, now=now)
    wall = due.astimezone(desk.town.tz).replace(tzinfo=None)
    at = releasing.moment(wall, desk.town.zone, 0, now)
    scheduling.schedule(post, list(post.placements.all()), at, by=by, now=now)


def _alt(desk: Desk, name: str, now: datetime) -> Alt:
    alt = pictures.ALT.get(name) or str(filming.TOLD["alt"])
    return Alt(str(desk.picture(name, now).key), alt)


def _snap(emulator: Emulator, snap: Snap, at: datetime) -> None:
    """The town itself speaks with the app on a phone."""
    emulator.say("instagram", snap.text, by=_handle_of("instagram"))


def _tell(emulator: Emulator, words: str, at: datetime) -> None:
    emulator.say("rss", words)


def _say(emulator: Emulator, said: Said, at: datetime) -> None:
    """Under the town's newest post there."""
    who = said.who
    if " " in who:
        who = re.sub(r"\W+", "-", said.who.lower())
        emulator.create_account(said.platform, who, name=said.who, kind="resident")
    post = [one for one in emulator.public(said.platform) if not one["parent"]][-1]
    emulator.say(said.platform, said.text, by=who, reply_to=post["id"])


def _handle_of(platform: str) -> str:
    return next(place.handle for place in elsewhere.PLACES if place.platform == platform)


def _hear(channels: Iterable[Channel], now: datetime) -> None:
    """Read what is there: the posts, then what stands under them."""
    cursors = Cursor.objects.filter(channel__in=list(channels))
    for some in (cursors.filter(root=""), cursors.exclude(root="")):
        for pk in list(some.values_list("pk", flat=True)):
            intake.poll(pk, now, reach=SINCE)


def _answer(desk: Desk, channel: Channel, said: Said, now: datetime) -> None:
    """Tom answers what he has read."""
    _hear([channel], now)
    asked = Conversation.objects.filter(channel=channel, messages__text=said.text).first()
    if asked is not None:
        replies.release(asked, replies.Sending(said.answer, close_after=True), by=desk.staff["tom"], now=now)
        desk.send(now + SETTLE)
        desk.send(now + LATER)
