"""A running emulator for a test folder, and the way there for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from channels_app.emulator.client import Emulator
from channels_app.emulator.process import start
from channels_app.platforms import http

SECONDS = 2.0  # the total time limit of a call in these tests


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One process for a folder's tests; whether requests lead to it is each test's own, by `emulator`."""
    url, process = start(tmp_path_factory.mktemp("emulator"))
    yield Emulator(url)
    process.terminate()
    process.wait(10)


@pytest.fixture
def emulator(emulated: Emulator) -> Iterator[Emulator]:
    before = vars(http.rules).copy()
    http.configure(emulator_url=emulated.url, practice=True, seconds=SECONDS)
    yield emulated
    http.configure(**before)
