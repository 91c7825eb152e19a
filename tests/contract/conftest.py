"""A running emulator, an account on each platform, and a resident to talk with."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from PIL import Image

from channels_app import platforms
from channels_app.emulator.client import Emulator
from channels_app.platforms import http
from channels_app.platforms.base import Account, Outgoing, Picture, Platform, Receipt, Secret, Video
from tests.emulated import emulated, emulator
from tests.served import served

__all__ = ["emulated", "emulator"]

NAMES = sorted(name for name in platforms.REGISTRY if name != "manual")  # where a person posts, there is no contract
can = pytest.mark.can


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run for each platform that can do what the test's mark says; without a mark for each that can publish."""
    if "desk" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("can")
    acts = set(mark.args) if mark else {"publish"}
    only, but = (mark.kwargs.get("only", NAMES), mark.kwargs.get("but", ())) if mark else (NAMES, ())
    names = [name for name in NAMES if name in only and name not in but and acts <= platforms.get(name).CAN]
    assert names, metafunc.function
    metafunc.parametrize("desk", names, indirect=True)


@dataclass
class Desk:
    """One platform under test: its module, the town's account there, and the emulator behind it."""

    platform: Platform
    account: Account
    emulator: Emulator

    @property
    def name(self) -> str:
        return self.platform.NAME

    def fault(self, kind: str, route: str = "*", **what: object) -> None:
        self.emulator.fault(kind, platform=self.name, route=route, **what)

    def public(self) -> list[dict[str, object]]:
        return self.emulator.public(self.name, self.account.remote_id)

    def requests(self, route: str) -> list[dict[str, object]]:
        return self.emulator.requests(platform=self.name, route=route)

    def since(self) -> datetime:
        return datetime.now(UTC)

    def post(self, text: str, **more: Any) -> Outgoing:
        """A post with what this platform cannot be without, every step before sending done."""
        must = self.platform.limits(self.account).must
        if any({"picture": "pictures", "video": "video"}[one] in more for one in must):
            pass  # one of them is enough
        elif "picture" in must:
            more["pictures"] = [picture()]
        elif "video" in must:
            more["video"] = video()
        return prepared(self, Outgoing("post", text, **({"idem_key": text} | more)))

    def send(self, outgoing: Outgoing) -> Receipt:
        return self.platform.send(self.account, outgoing)

    def posted(self, text: str = "The library opens at nine.", **more: Any) -> str:
        """A post of ours, sent through the adapter; its remote id."""
        return self.send(self.post(text, **more)).remote_id

    def hear(self, text: str, **more: object) -> str:
        """A resident writes; the id of what they wrote."""
        more = {"to": self.account.remote_id} | more if "reply_to" not in more else more
        return str(self.emulator.say(self.name, text, **more)["id"])

    def with_token(self, token: str) -> Account:
        return replace(self.account, secrets=dict(self.account.secrets) | {"access_token": Secret(token)})


def secrets_for(name: str, token: str) -> dict[str, Secret]:
    """What a person would paste into the token form."""
    values = {"access_token": token}
    if name == "x":
        values |= {
            "consumer_key": "practice-key",
            "consumer_secret": "practice-secret",
            "access_secret": "practice-half",
        }
    if name == "wordpress":
        values |= {"username": "fernhill"}
    if name == "pinterest":
        values |= {"board": "Town news"}
    if name == "rss":
        values = {"feed": "https://news.fernhill.example/feed.atom"}
    return {key: Secret(value) for key, value in values.items()}


@pytest.fixture
def desk(request: pytest.FixtureRequest, emulator: Emulator) -> Desk:
    emulator.reset()
    name = request.param
    made = emulator.create_account(name, "fernhill", name="Town of Fernhill")
    handle = "@fernhill@social.fernhill.example" if name == "mastodon" else "@fernhill"
    account = Account(
        platform=name,
        host=http.PRACTICE_HOSTS[name],
        remote_id=made["id"],
        handle=handle,
        secrets=secrets_for(name, made["token"]),
        practice=True,
    )
    return Desk(platforms.get(name), account, emulator)


def picture(key: str = "one", alt: str = "The library from the street.", colour: str = "teal") -> Picture:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return Picture(key, "image/jpeg", alt, 64, 48, data.getvalue(), served(data.getvalue()))


@cache
def video() -> Video:
    """Two boxes of an MP4 file, which is what the emulator looks at; nobody plays it."""
    path = Path(mkdtemp(prefix="parley-video-")) / "one.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + (4096).to_bytes(4, "big") + b"mdat" + bytes(4088))
    facts = Video("film", "video/mp4", 640, 360, 4.0, path.stat().st_size, str(path), "The weir from the bridge.")
    return replace(facts, url=served(path.read_bytes()))


def prepared(desk: Desk, outgoing: Outgoing) -> Outgoing:
    """All steps done, one by one, as the outbox does them."""
    while missing := [step for step in desk.platform.steps(desk.account, outgoing) if step not in outgoing.prepared]:
        made = desk.platform.prepare(desk.account, outgoing, missing[0])
        outgoing = replace(outgoing, prepared=dict(outgoing.prepared) | {missing[0]: made})
    return outgoing


def ago(**how_long: float) -> datetime:
    return datetime.now(UTC) - timedelta(**how_long)
