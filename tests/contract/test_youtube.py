"""What only YouTube has: its daily quota, comments that are held, keys that last an hour."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels_app.platforms import youtube
from channels_app.platforms.base import Outgoing, Refused, Secret, TryLater
from channels_app.platforms.youtube_client import until_midnight
from tests.contract.conftest import Desk, can, prepared
from tests.contract.test_films import film

pytestmark = can(only=("youtube",))


def shown(desk: Desk, outgoing: Outgoing) -> str:
    """All the way; the video's id."""
    return desk.send(prepared(desk, outgoing)).remote_id


@pytest.mark.parametrize(
    ("now", "hours"), [("2026-11-30T13:00", 19), ("2026-07-01T06:59", 1 / 60), ("2026-11-01T07:30", 24.5)]
)
def test_the_quota_begins_anew_at_midnight_in_california_whatever_the_clocks_do(now: str, hours: float) -> None:
    assert until_midnight(datetime.fromisoformat(now).replace(tzinfo=UTC)) == pytest.approx(hours * 3600)


def test_a_used_up_quota_holds_the_whole_channel_until_then(desk: Desk, tmp_path: Path) -> None:
    body = json.dumps({"error": {"code": 403, "errors": [{"domain": "youtube.quota", "reason": "quotaExceeded"}]}})
    desk.fault("refuse", status=403, body=body)
    with pytest.raises(TryLater) as ending:
        prepared(desk, film(tmp_path))
    assert ending.value.whole_channel
    assert ending.value.code == "403 quotaExceeded"
    assert ending.value.wait == pytest.approx(until_midnight(datetime.now(UTC)), abs=5)


def test_a_comment_that_is_held_is_seen_to_be_hidden_until_it_is_published(desk: Desk, tmp_path: Path) -> None:
    post = shown(desk, film(tmp_path))
    said = desk.hear("Buy cheap watches", reply_to=post)
    for kind, hidden in (("hide", True), ("unhide", False)):
        act = Outgoing(kind, target=said)
        desk.platform.send(desk.account, act)
        seen = desk.platform.read(desk.account, said, "comment")
        assert seen is not None
        assert seen.hidden is hidden
        assert desk.platform.look_up(desk.account, act, datetime.now(UTC)).exact is not None


def test_keys_are_renewed_with_the_refresh_token_and_a_revoked_one_asks_for_reconnecting(desk: Desk) -> None:
    refresh = desk.emulator.create_token(desk.account.remote_id, kind="refresh")
    keys = {"refresh_token": refresh, "client_id": "practice", "client_secret": "practice"}
    account = replace(desk.account, secrets={name: Secret(value) for name, value in keys.items()})
    new = youtube.renew(account)
    assert set(new.secrets) == {"access_token"}
    assert new.expires_at is not None
    assert 3500 < (new.expires_at - datetime.now(UTC)).total_seconds() < 3700
    assert youtube.profile(replace(account, secrets=new.secrets)).remote_id == desk.account.remote_id
    desk.emulator.revoke(token=refresh)
    with pytest.raises(Refused) as ending:
        youtube.renew(account)
    assert ending.value.cause == "token"


def test_a_video_that_is_kept_private_is_not_taken_for_published(desk: Desk, tmp_path: Path) -> None:
    ready = prepared(desk, film(tmp_path))
    private = {"id": "abcdefghijk", "status": {"uploadStatus": "processed", "privacyStatus": "private"}}
    desk.fault("refuse", "publish", status=200, body=json.dumps(private))
    with pytest.raises(Refused) as ending:
        desk.send(ready)
    assert ending.value.cause == "permission"
    assert ending.value.code in youtube.PROOF
    assert "private" in ending.value.words
    assert desk.platform.look_up(desk.account, ready, datetime.now(UTC)).exact is None
    assert desk.platform.fetch(desk.account, "posts", "").items == []


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=abcdefghijk&t=10s",
        "https://youtu.be/abcdefghijk?si=x",
        "https://www.youtube.com/shorts/abcdefghijk",
        "https://m.youtube.com/live/abcdefghijk",
    ],
)
def test_the_video_is_known_from_any_address_people_copy(address: str) -> None:
    assert youtube.id_in(address) == "abcdefghijk"
    assert youtube.id_in("https://www.youtube.com/@fernhill") == ""


def test_the_title_is_the_first_line_where_none_is_given_and_holds_nothing_youtube_refuses(
    desk: Desk, tmp_path: Path
) -> None:
    outgoing = replace(film(tmp_path), title="", text="The <new> weir\nopens today.")
    shown(desk, outgoing)
    (seen,) = desk.public()
    assert (seen["title"], seen["text"]) == ("The ‹new› weir", "The ‹new› weir\nopens today.")
    assert seen["text"] == youtube.words(outgoing)


def test_shares_come_from_its_reports_days_later(desk: Desk) -> None:
    video = desk.posted("How the new lift works.")
    desk.emulator.set_metrics(video, shares=500, impressions=90_000, half_life=0.001)
    assert desk.platform.metrics(desk.account, [video])[video]["shares"] is None
    desk.emulator.advance(3 * 86_400)
    now = desk.platform.metrics(desk.account, [video])[video]
    assert (now["shares"], now["reach"]) == (pytest.approx(500, rel=0.05), None)


def test_keys_that_may_not_read_reports_still_read_the_rest(desk: Desk) -> None:
    video = desk.posted("How the new lift works.")
    desk.emulator.set_metrics(video, shares=500, impressions=90_000, half_life=0.001)
    desk.emulator.advance(3 * 86_400)
    rights = "youtube.force-ssl youtube.upload youtube.readonly"
    token = desk.emulator.create_token(desk.account.remote_id, scopes=rights)
    now = desk.platform.metrics(desk.with_token(token), [video])[video]
    assert now["shares"] is None
    assert now["impressions"]
