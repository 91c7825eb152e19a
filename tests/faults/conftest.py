"""A practice world for fault tests: an emulator, a database of its own, and all durations of the outbox divided."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from channels_app import media, platforms, renditions, vault
from channels_app.emulator.client import Emulator
from channels_app.emulator.process import start
from channels_app.models import Channel, Media
from channels_app.platforms import http
from channels_app.publishing.timings import Timings
from tests.contract.conftest import secrets_for
from tests.factories import NOON, make_channel, make_user
from tests.factories_films import take_film
from tests.faults.cluster import servers, started_servers
from tests.served import KEPT, address

__all__ = ["servers", "started_servers"]

FACTOR = 30
MUST = {name: platforms.get(name).limits(None).must for name in sorted(platforms.SENT_TO)}
WORDS_ALONE = [name for name, must in MUST.items() if not must]  # where a post needs nothing but words
SHOWN = [name for name, must in MUST.items() if must]  # where it needs a picture or a video


class World:
    """What a fault test plays in."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._channels = 0

    def channel(self, platform: str) -> Channel:
        """A channel with an account of its own on the emulated platform."""
        self._channels += 1
        made = self.emulator.create_account(platform, f"fernhill{self._channels}", name="Town of Fernhill")
        handle = f"@fernhill{self._channels}"
        channel = make_channel(platform, remote_id=made["id"], handle=handle, host=http.PRACTICE_HOSTS[platform])
        for field, secret in secrets_for(platform, made["token"]).items():
            vault.store(channel, field, secret)
        return channel

    def public(self, channel: Channel) -> list[dict[str, Any]]:
        """What everybody can see of this channel, by the word of the emulator."""
        return self.emulator.public(channel.platform, channel.remote_id)

    @cached_property
    def film(self) -> Media:
        """A video of a second, at an address where platforms get it."""
        film = take_film(make_user("publisher"))
        _keep(renditions.address(str(film.key), NOON), media.path_of(film, "whole").read_bytes())
        return film

    @cached_property
    def picture(self) -> Media:
        """One of the library, at an address where platforms get it. Two processes open it: only who shows it asks."""
        data = io.BytesIO()
        Image.new("RGB", (64, 48), "teal").save(data, "PNG")
        upload = SimpleUploadedFile("library.png", data.getvalue(), "image/png")
        picture = media.take(upload, by=make_user("publisher"), now=NOON)
        offer(picture)
        return picture


def offer(picture: Media) -> None:
    """Where the desk would give it to a platform that fetches it, however the address is sealed."""
    for kinds in ({"image/png"}, {"image/jpeg"}):
        given = renditions.fetched(str(picture.key), "", kinds, NOON)
        _keep(given.url, given.data)


def _keep(url: str, data: bytes) -> None:
    KEPT[url.removeprefix(address()).rstrip("/").rpartition("/")[0]] = data


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    url, process = start(tmp_path_factory.mktemp("emulator"))
    yield Emulator(url)
    process.terminate()
    process.wait(10)


@contextmanager
def made(emulator: Emulator, settings: Any, folder: Path, factor: float) -> Iterator[World]:
    """A world in the database that Django meets now, with all durations divided by the factor."""
    settings.OUTBOX_TIME_FACTOR = factor
    settings.PARLEY_INSTANCE_FILE = str(folder / "instance.json")
    settings.MEDIA_ROOT = folder / "media"
    settings.PRACTICE_URL = address()
    before = vars(http.rules).copy()
    http.configure(emulator_url=emulator.url, practice=True, seconds=Timings().divided(factor).call)
    emulator.reset()
    try:
        yield World(emulator)
    finally:
        http.configure(**before)


@pytest.fixture
def world(emulated: Emulator, transactional_db: str, settings: Any, tmp_path: Path) -> Iterator[World]:
    with made(emulated, settings, tmp_path, FACTOR) as world:
        yield world


@pytest.fixture
def closed(world: World) -> Callable[[], None]:
    """Sends every request to a door where nobody is."""
    return lambda: http.configure(emulator_url="http://127.0.0.1:9")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures of what was survived, also when nothing failed."""
    for report in terminalreporter.getreports("passed"):
        for name, words in report.user_properties:
            terminalreporter.write_line(f"{name}: {words}")
