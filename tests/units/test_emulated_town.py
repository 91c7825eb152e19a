"""The emulated town lives plausibly, the same for the same seed, and fast enough to live twelve weeks at start-up."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels_app.emulator import control, reach
from channels_app.emulator.answering import Emulator
from channels_app.emulator.founding import known
from channels_app.emulator.process import ROOT, start
from channels_app.emulator.wire import Answer, Request

DAY, HOUR = 86_400.0, 3600.0
MONDAY = 1_788_134_400.0  # 31 August 2026, midnight UTC
CALM = {"comments_per_post": 0, "messages_per_day": 0}


@dataclass
class Fernhill:
    """A town lived in fast motion, without a socket in between."""

    emulator: Emulator

    def control(self, method: str, path: str, **body: Any) -> Any:
        data = json.dumps(body).encode()
        answer = control.answer(self.emulator, Request(method, "127.0.0.1", f"/_control/{path}", "", {}, data))
        assert answer.status == 200, answer.body
        return answer.body

    def ask(self, method: str, host: str, path: str, body: Any = None) -> Answer:
        name = {"api.x.example": "x", "graph.facebook.example": "facebook"}.get(host, "mastodon")
        headers = {"Authorization": f"Bearer {known(7, name)}", "Content-Type": "application/json"}
        path, _, query = path.partition("?")
        data = b"" if body is None else json.dumps(body).encode()
        return self.emulator.answer(Request(method, host, path, query, headers, data))[0]

    def post(self, text: str, **more: Any) -> str:
        return str(self.ask("POST", "api.x.example", "/2/tweets", {"text": text, **more}).body["data"]["id"])

    def on_facebook(self, text: str) -> str:
        return str(self.ask("POST", "graph.facebook.example", "/v25.0/me/feed", {"message": text}).body["id"])

    def rows(self, where: str = "1") -> list[dict[str, Any]]:
        sql = f"SELECT p.*, a.kind AS who FROM posts p JOIN accounts a ON a.id = p.account WHERE {where} ORDER BY p.id"
        return [dict(row) for row in self.emulator.world.store.rows(sql)]

    def advance(self, seconds: float) -> None:
        self.control("POST", "advance", seconds=seconds)


def settle(home: Path, seed: int = 7, **settings: Any) -> Fernhill:
    emulator = Emulator(home)
    emulator.prepare("fernhill", seed, 0.0)
    town = Fernhill(emulator)
    town.control("POST", "clock", to=MONDAY, speed=0)
    if settings:
        town.control("POST", "town", **settings)
    return town


@pytest.fixture
def town(tmp_path: Path) -> Fernhill:
    return settle(tmp_path)


def live_weeks(town: Fernhill, weeks: int) -> None:
    """A post a day on two platforms and an answer to everybody."""
    answered: set[str] = set()
    for day in range(weeks * 7):
        town.control("POST", "advance", to=MONDAY + day * DAY + 11 * HOUR)
        town.post(f"What should we plant in bed {day}? Tell us at the market.")
        town.on_facebook(f"Bed {day} of Weir Park is open. Which street is next?")
        for row in town.rows("a.kind = 'resident' AND p.platform = 'x' AND p.deleted_at IS NULL"):
            if row["id"] not in answered:
                answered.add(row["id"])
                town.post(
                    f"Thank you, we have passed it on ({row['id'][-6:]}).", reply={"in_reply_to_tweet_id": row["id"]}
                )
    town.control("POST", "advance", to=MONDAY + weeks * 7 * DAY)


def test_twelve_weeks_pass_in_seconds_and_hold_a_towns_worth_of_talk(town: Fernhill) -> None:
    started = time.process_time()  # whatever else the machine is doing
    live_weeks(town, 12)
    assert time.process_time() - started < 8
    said = town.rows("a.kind = 'resident'")
    assert 300 < len(said) < 900
    kinds = Counter(json.loads(row["extra"])["kind"] for row in said)
    assert min(kinds[kind] for kind in ("question", "failure", "thanks", "criticism", "idea", "rant")) >= 3
    assert {row["platform"] for row in said} == {"x", "facebook", "mastodon"}
    assert len({row["lang"] for row in said}) >= 4
    assert any(row["visibility"] == "direct" for row in said)
    assert any(row["edited_at"] for row in said)
    assert any(row["deleted_at"] for row in said)
    assert all(len(row["text"]) <= 280 for row in said)


def test_the_same_seed_and_steps_make_the_same_weeks(tmp_path: Path) -> None:
    lived = []
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        town = settle(tmp_path / name, seed)
        if seed == 7:
            live_weeks(town, 2)
        else:
            town.advance(14 * DAY)
        lived.append([(row["id"], row["text"]) for row in town.rows("a.kind = 'resident'")])
    assert lived[0] == lived[1]
    assert lived[0] != lived[2]


def test_steps_of_any_size_make_the_same_town(tmp_path: Path) -> None:
    once, often = settle(tmp_path / "once"), settle(tmp_path / "often")
    once.advance(5 * DAY)
    while often.control("GET", "clock")["epoch"] < MONDAY + 5 * DAY:
        due = often.control("GET", "clock")["next_event"]
        often.advance(HOUR) if due is None else often.control("POST", "advance", event=True)
    texts = [row["text"] for row in once.rows()]
    assert texts == [row["text"] for row in often.rows()][: len(texts)]


def test_numbers_grow_with_age_and_never_shrink(tmp_path: Path) -> None:
    town = settle(tmp_path, **CALM)
    town.advance(18 * HOUR)
    post = town.post("The new library opens on Saturday, come and see: https://fernhill.example/library")
    world, seen = town.emulator.world, []
    for hours in (0, 0.25, 1, 6, 24, 24 * 7, 24 * 60):
        row = world.store.one("SELECT * FROM posts WHERE id = ?", post)
        assert row is not None
        seen.append(reach.at(world, row, row["created_at"] + hours * HOUR))
    for name in ("impressions", "likes", "clicks"):
        numbers = [reading[name] for reading in seen]
        assert numbers == sorted(numbers)
        assert numbers[0] == 0
        assert numbers[-1] > numbers[2]
    assert seen[-1]["impressions"] > seen[-1]["likes"] > 0


def test_x_gives_private_numbers_for_thirty_days(tmp_path: Path) -> None:
    town = settle(tmp_path, **CALM)
    post = town.post("Good morning, Fernhill.")
    path = f"/2/tweets?ids={post}&tweet.fields=public_metrics,non_public_metrics"
    town.advance(29 * DAY)
    assert "non_public_metrics" in town.ask("GET", "api.x.example", path).body["data"][0]
    town.advance(2 * DAY)
    body = town.ask("GET", "api.x.example", path).body
    assert "non_public_metrics" not in body["data"][0]
    assert body["errors"][0]["parameter"] == "non_public_metrics"


def test_followers_drift_slowly_and_are_the_same_whenever_asked(tmp_path: Path) -> None:
    town = settle(tmp_path, **CALM)
    account = town.emulator.world.handle("facebook", "fernhilltown")
    assert account is not None
    weeks = [reach.followers(account, MONDAY + week * 7 * DAY) for week in range(13)]
    assert weeks[0] == 4480
    assert 4480 < weeks[-1] < 5200
    assert weeks == [reach.followers(account, MONDAY + week * 7 * DAY) for week in range(13)]


def test_somebody_who_was_answered_says_something_back(tmp_path: Path) -> None:
    town = settle(tmp_path, **CALM)
    for number in range(20):
        said = town.control("POST", "say", platform="x", text=f"When is bed {number} planted?", by="jessholl0way")
        town.post(f"On day {number} of next month.", reply={"in_reply_to_tweet_id": said["id"]})
    town.advance(3 * DAY)
    answers = town.rows("a.kind = 'resident' AND p.origin = 'town'")
    assert 5 < len(answers) < 20
    assert {row["root"] for row in answers} <= {row["root"] for row in town.rows("p.origin = 'control'")}


def test_a_private_answer_that_names_nobody_is_not_seen(tmp_path: Path) -> None:
    town = settle(tmp_path, **CALM)
    said = town.control(
        "POST", "say", platform="mastodon", text="About my rent.", by="priya@green.example", visibility="direct"
    )
    body = {"status": "We will ring you.", "in_reply_to_id": said["id"], "visibility": "direct"}
    assert town.ask("POST", "social.fernhill.example", "/api/v1/statuses", body).status == 200
    town.advance(5 * DAY)
    assert town.rows("a.kind = 'resident' AND p.origin = 'town'") == []


def test_it_starts_small_and_without_django(tmp_path: Path) -> None:
    url, process = start(tmp_path)
    try:
        assert url.startswith("http://127.0.0.1:")
        maps = Path(f"/proc/{process.pid}/smaps").read_text()
        assert "_psycopg" not in maps
        sizes = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        pss = next(line for line in sizes.splitlines() if line.startswith("Pss:"))
        assert int(pss.split()[1]) < 60_000
    finally:
        process.terminate()
        process.wait(10)
    asked = "import sys, channels_app.emulator.server; print('django' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_an_empty_town_keeps_silent(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path)
    emulator.prepare("empty", 1, 0.0)
    town = Fernhill(emulator)
    town.advance(30 * DAY)
    assert town.rows() == []
    assert town.control("GET", "clock")["next_event"] is None


def test_the_town_is_still_there_after_a_restart(tmp_path: Path) -> None:
    town = settle(tmp_path)
    town.advance(3 * DAY)
    before, clock = town.rows(), town.control("GET", "clock")
    town.emulator.world.store.db.close()
    again = Emulator(tmp_path)
    again.prepare("fernhill", 99, 1.0)
    assert Fernhill(again).rows() == before
    assert Fernhill(again).control("GET", "clock") == clock
