"""What Instagram fetches is kept apart first: whatever becomes of that, there is never a second post."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts import clock
from channels_app import media, outbox, platforms, renditions, vault
from channels_app.platforms.base import Outgoing, Refused, TryLater, Uncertain
from tests.contract.conftest import Desk, can, picture, prepared, video
from tests.factories import make_channel, make_delivery, make_payload, make_town, make_user
from tests.factories_calendar import make_upload, picture_bytes
from tests.served import KEPT, address, served

pytestmark = can(only=("instagram",))
WORDS = "The pool is closed today."


@pytest.fixture
def later(desk: Desk) -> Iterator[None]:
    """The emulator's clock may be moved, and runs with ours again afterwards."""
    yield
    desk.emulator.go_live()


def test_what_is_still_being_fetched_is_waited_for(desk: Desk) -> None:
    desk.emulator.rules(media_seconds=600)
    with pytest.raises(TryLater) as ending:
        desk.post(WORDS)
    assert (ending.value.wait < 30, ending.value.anew, ending.value.code[0]) == (True, False, "2")
    assert desk.public() == []


@pytest.mark.usefixtures("later")
def test_a_container_that_fails_is_made_anew(desk: Desk) -> None:
    desk.fault("media_fails", "media", times=1)
    outgoing = Outgoing("post", WORDS, pictures=[picture()])
    outgoing = replace(outgoing, prepared={"container": desk.platform.prepare(desk.account, outgoing, "container")})
    desk.emulator.advance(2)
    with pytest.raises(TryLater) as ending:
        prepared(desk, outgoing)
    assert ending.value.anew
    desk.send(prepared(desk, replace(outgoing, prepared={})))
    assert len(desk.public()) == 1


def test_a_container_that_has_expired_is_not_published_and_made_anew(desk: Desk) -> None:
    before, outgoing = desk.since(), desk.post(WORDS)
    desk.emulator.rules(container_seconds=0)
    lookup = desk.platform.look_up(desk.account, outgoing, before)
    assert (list(lookup.candidates), lookup.complete, lookup.resend_safe) == ([], True, False)
    with pytest.raises(TryLater) as ending:
        desk.send(outgoing)
    assert (ending.value.anew, ending.value.code in desk.platform.PROOF) == (True, True)
    assert desk.requests("publish") == []
    desk.emulator.rules(container_seconds=86_400)
    desk.send(prepared(desk, replace(outgoing, prepared={})))
    assert len(desk.public()) == 1


def test_one_that_expires_at_the_last_moment_is_made_anew_too(desk: Desk) -> None:
    outgoing = desk.post(WORDS)
    gone = '{"error": {"code": -2, "error_subcode": 2207020, "message": "Media expired"}}'
    desk.fault("refuse", "publish", times=1, status=400, body=gone)
    with pytest.raises(TryLater) as ending:
        desk.send(outgoing)
    assert (ending.value.anew, desk.public()) == (True, [])


def test_a_container_that_is_out_is_never_published_again(desk: Desk) -> None:
    before, outgoing = desk.since(), desk.post(WORDS)
    receipt = desk.send(outgoing)
    with pytest.raises(Uncertain) as ending:
        desk.send(outgoing)
    assert ending.value.code == "published"
    assert len(desk.requests("publish")) == 1
    lookup = desk.platform.look_up(desk.account, outgoing, before)
    assert [one.remote_id for one in lookup.candidates] == [receipt.remote_id]


def test_a_container_nobody_published_may_be_published(desk: Desk) -> None:
    before, outgoing = desk.since(), desk.post(WORDS)
    desk.fault("drop_before", "publish", times=1)
    with pytest.raises(Uncertain):
        desk.send(outgoing)
    lookup = desk.platform.look_up(desk.account, outgoing, before)
    assert (list(lookup.candidates), lookup.complete, lookup.resend_safe) == ([], True, True)
    desk.send(outgoing)
    assert len(desk.public()) == 1


def test_what_is_out_and_not_in_the_list_yet_is_never_taken_for_absent(desk: Desk) -> None:
    before, outgoing = desk.since(), desk.post(WORDS)
    desk.send(outgoing)
    desk.fault("silent", "own_posts")
    lookup = desk.platform.look_up(desk.account, outgoing, before)
    assert (list(lookup.candidates), lookup.complete, lookup.resend_safe) == ([], False, False)


def test_a_refusal_that_may_come_from_a_container_that_is_out_proves_nothing(desk: Desk) -> None:
    outgoing = desk.post(WORDS)
    body = '{"error": {"code": 100, "error_subcode": 33, "message": "(#100) gone"}}'
    desk.fault("refuse", "publish", times=1, status=400, body=body)
    with pytest.raises(Uncertain):
        desk.send(outgoing)


def test_a_day_that_is_used_up_is_waited_for_until_there_is_room(desk: Desk) -> None:
    desk.posted(WORDS)
    desk.emulator.rules(daily_posts=1)
    outgoing = desk.post("And one more.")
    with pytest.raises(TryLater) as ending:
        desk.send(outgoing)
    assert (ending.value.whole_channel, ending.value.code in desk.platform.PROOF) == (False, True)
    assert 86_300 < ending.value.wait < 86_500
    assert len(desk.requests("publish")) == 1


def test_a_day_that_is_full_of_posts_still_takes_answers(desk: Desk) -> None:
    post = desk.posted(WORDS)
    comment = desk.hear("Is it open?", reply_to=post)
    outgoing = desk.post("And one more.")
    body = '{"error": {"code": 9, "error_subcode": 2207042, "message": "(#9) too many posts"}}'
    desk.fault("refuse", "publish", times=1, status=403, body=body)
    with pytest.raises(TryLater) as ending:
        desk.send(outgoing)
    assert (ending.value.whole_channel, ending.value.code in desk.platform.PROOF) == (False, True)
    assert desk.send(Outgoing("reply", "Yes.", reply_to=comment, root=post, idem_key="r")).remote_id


def test_a_look_that_fails_before_sending_leaves_nothing_open(desk: Desk) -> None:
    outgoing = desk.post(WORDS)
    desk.fault("unavailable", "media_status", times=1)
    with pytest.raises(TryLater) as ending:
        desk.send(outgoing)
    assert ending.value.code == "not sent"
    assert desk.send(outgoing).remote_id == desk.public()[0]["id"]


def test_pictures_and_a_video_go_out_together(desk: Desk) -> None:
    before = desk.since()
    shown = [picture("a"), picture("b", colour="maroon")]
    outgoing = desk.post("Three things.", pictures=shown, video=video())
    assert list(outgoing.prepared) == ["item:a", "item:b", "item:film", "container", "ready"]
    receipt = desk.send(outgoing)
    (public,) = desk.public()
    assert [one["mime"] for one in public["media"]] == ["image/jpeg", "image/jpeg", "video/mp4"]  # type: ignore[attr-defined]
    assert [one.remote_id for one in desk.platform.look_up(desk.account, outgoing, before).candidates] == [
        receipt.remote_id
    ]


@pytest.mark.usefixtures("later")
def test_a_video_goes_out_as_a_reel_and_one_that_cannot_be_played_is_refused(desk: Desk) -> None:
    reel = desk.posted("The weir.", video=video(), pictures=[])
    seen = desk.platform.read(desk.account, reel, "post")
    assert seen is not None
    assert (seen.text, list(seen.pictures), seen.raw["media_type"]) == ("The weir.", [], "VIDEO")
    desk.emulator.rules(container_error="2207026")
    broken = Outgoing("post", "Noise.", video=replace(video(), url=served(b"no film at all")))
    broken = replace(broken, prepared={"container": desk.platform.prepare(desk.account, broken, "container")})
    desk.emulator.advance(2)
    with pytest.raises(Refused) as ending:
        prepared(desk, broken)
    assert ending.value.cause == "content"


TOO_MUCH = {
    "hashtags": {"text": " ".join(f"#tag{n}" for n in range(6))},
    "names": {"text": " ".join(f"@name{n}" for n in range(21))},
    "nothing to show": {"pictures": []},
    "eleven": {"pictures": [picture(str(n)) for n in range(11)]},
    "narrow": {"pictures": [replace(picture(), width=40, height=64)]},
    "broad": {"pictures": [replace(picture(), width=200, height=100)]},
}


@pytest.mark.parametrize("more", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_instagram_does_not_take_is_refused_before_it_is_asked(desk: Desk, more: dict[str, object]) -> None:
    outgoing = replace(Outgoing("post", "Words.", pictures=[picture()]), **more)
    with pytest.raises(Refused) as ending:
        prepared(desk, outgoing)
    assert (ending.value.cause, ending.value.code) == ("content", "unable")
    assert desk.requests("media") == []


def test_without_a_public_address_nothing_is_asked_and_a_person_is_told(desk: Desk) -> None:
    with pytest.raises(Refused) as ending:
        prepared(desk, Outgoing("post", "Words.", pictures=[replace(picture(), url="")]))
    assert ending.value.cause == "permission"
    assert "PUBLIC_URL" in ending.value.words


def test_comments_can_be_deleted_and_posts_cannot(desk: Desk) -> None:
    post = desk.posted(WORDS)
    comment = desk.hear("Buy cheap watches", reply_to=post)
    for _ in range(2):
        desk.send(Outgoing("delete", target=comment))
    assert desk.platform.look_up(desk.account, Outgoing("delete", target=comment), desk.since()).exact
    with pytest.raises(Refused) as ending:
        desk.send(Outgoing("delete", target=post))
    assert "app" in ending.value.words
    assert [one["id"] for one in desk.public()] == [post]
    assert "delete" not in desk.platform.CAN


def test_the_numbers_of_a_post_that_is_gone_are_left_out(desk: Desk) -> None:
    kept, gone = desk.posted("One."), desk.posted("Two.")
    desk.emulator.delete(gone)
    assert set(desk.platform.metrics(desk.account, [kept, gone])) == {kept}


def test_an_answer_to_somebody_elses_post_is_found_there(desk: Desk) -> None:
    said, before = desk.hear("@fernhill the lamp on Mill Road is out"), desk.since()
    reply = Outgoing("reply", "We will look at it.", reply_to=said)
    desk.fault("drop_after", "reply", times=1)
    with pytest.raises(Uncertain):
        desk.send(reply)
    (found,) = desk.platform.look_up(desk.account, reply, before).candidates
    assert [one["parent"] for one in desk.public() if one["id"] == found.remote_id] == [said]


@pytest.mark.usefixtures("later")
def test_a_private_answer_is_found_again_and_ends_with_the_day(desk: Desk) -> None:
    said, before = desk.hear("My neighbour is ill.", visibility="direct"), desk.since()
    reply = Outgoing("reply", "We will call you.", reply_to=said, visibility="direct")
    desk.fault("drop_after", "reply", times=1)
    with pytest.raises(Uncertain):
        desk.send(reply)
    assert len(desk.platform.look_up(desk.account, reply, before).candidates) == 1
    with pytest.raises(Refused):
        desk.send(replace(reply, text="ö" * 501))
    assert platforms.reply_window("instagram", "direct") == timedelta(hours=24)
    assert platforms.reply_window("instagram", "comment") is None
    desk.emulator.advance(86_500)
    with pytest.raises(Refused) as ending:
        desk.send(reply)
    assert ending.value.code == "10/2534022"


@pytest.mark.django_db
def test_a_container_that_expires_in_the_outbox_ends_in_one_post(desk: Desk, settings: Any, tmp_path: Path) -> None:
    """A drawing of the library, fetched as JPEG from where the desk would give it."""
    make_town()
    settings.MEDIA_ROOT, settings.PRACTICE_URL = tmp_path, address()
    channel = make_channel("instagram", host=desk.account.host, remote_id=desk.account.remote_id, handle="@fernhill")
    vault.store(channel, "access_token", desk.account.secrets["access_token"])
    upload = make_upload(picture_bytes("PNG"), "library.png")
    kept, now = media.take(upload, by=make_user("publisher"), now=clock.now()), clock.now()
    for hours in (0, 1):
        given = renditions.fetched(str(kept.key), "", {"image/jpeg"}, now + timedelta(hours=hours))
        KEPT[given.url.removeprefix(address())] = given.data
    payload = make_payload(WORDS, pictures=[{"media": str(kept.key), "alt": "The library."}])
    desk.emulator.rules(container_seconds=0)
    delivery = make_delivery(channel=channel, payload=payload, due_at=now)
    outbox.step()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.prepared, delivery.sends) == ("retry_wait", {}, 0)
    desk.emulator.rules(container_seconds=86_400)
    outbox.step(clock.now() + timedelta(minutes=5))
    delivery.refresh_from_db()
    (shown,) = desk.public()
    assert (delivery.state, delivery.remote_id) == ("published", shown["id"])
    assert shown["media"][0]["sha256"] == hashlib.sha256(given.data).hexdigest()
    assert shown["media"][0]["alt"] == "The library."
