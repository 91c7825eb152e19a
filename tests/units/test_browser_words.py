"""How a session is named on the page of one's sessions."""

from __future__ import annotations

import pytest

from accounts.templatetags.people import browser

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
AGENTS = [
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
    (f"Mozilla/5.0 (X11; Linux x86_64) {KIT} Chrome/126.0 Safari/537.36", "Chrome on Linux"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Mac"),
    (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {KIT} Version/17.5 Safari/604.1", "Safari on iPhone"),
    (
        f"Mozilla/5.0 (Linux; Android 14; SM-S901B) {KIT} SamsungBrowser/25.0 Chrome/121.0",
        "Samsung Internet on Android",
    ),
    ("curl/8.5.0", "curl/8.5.0"),
    ("", "Not known"),
]


@pytest.mark.parametrize(("agent", "words"), AGENTS)
def test_a_browser_is_named_shortly(agent: str, words: str) -> None:
    assert browser(agent) == words
