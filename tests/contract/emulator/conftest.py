"""A running emulator with an empty town, and a session that leads every https host to it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import tweepy
from PIL import Image
from requests.adapters import HTTPAdapter

from channels_app.emulator.client import Emulator
from channels_app.emulator.process import start

GRAPH = "https://graph.facebook.example/v25.0"


class Home(HTTPAdapter):
    """Leads every https host to the emulator, as the practice hosts are."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: requests.PreparedRequest, *place: Any, **how: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        request.headers["X-Forwarded-Host"] = parts.netloc
        request.url = self.url + parts.path + (f"?{parts.query}" if parts.query else "")
        return super().send(request, *place, **{**how, "timeout": how.get("timeout") or 5})


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    url, process = start(tmp_path_factory.mktemp("practice"))
    yield Emulator(url)
    process.terminate()
    process.wait(10)


@pytest.fixture
def practice(running: Emulator) -> Emulator:
    running.reset()
    return running


@pytest.fixture
def web(practice: Emulator) -> requests.Session:
    session = requests.Session()
    session.mount("https://", Home(practice.url))
    return session


def png(size: tuple[int, int] = (8, 6)) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "teal").save(data, "PNG")
    return data.getvalue()


def x_client(practice: Emulator, token: str) -> tweepy.Client:
    client = tweepy.Client(bearer_token=token)
    client.session.mount("https://", Home(practice.url))
    return client
