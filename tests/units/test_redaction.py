"""No credential is ever written to a log."""

from __future__ import annotations

import io
import logging

import pytest

from channels_app import redaction
from config.logs import JsonLine

LOOKS = [
    "Authorization: Bearer abcdef123456",
    "{'Authorization': 'Bearer abcdef123456'}",
    "GET https://graph.example/me?access_token=abcdef123456&fields=id",
    "client_secret=abcdef123456",
    '"refresh_token": "abcdef123456"',
    'OAuth oauth_consumer_key="abcdef123456", oauth_signature="abcdef123456"',
    "postgresql://app:abcdef123456@db/parley",
    "token EAABabcdef123456abcdef123456 was refused",
]


@pytest.mark.parametrize("text", LOOKS)
def test_what_looks_like_a_credential_is_masked(text: str) -> None:
    assert "abcdef123456" not in redaction.masked(text)
    assert redaction.MASK in redaction.masked(text)


def test_plain_words_are_left_alone() -> None:
    for text in ("The library opens at nine.", "delivery 7 left claimed", "tweets 12 of 40 read in 0.4 s"):
        assert redaction.masked(text) == text


@pytest.mark.parametrize("secret", ["9Xq-short", "Zk3_pQ7vN2mL8rT5wY1u", "f0e1d2c3b4a5968778695a4b3c2d1e0f" * 3])
def test_a_value_the_vault_has_opened_is_masked_wherever_it_shows(secret: str) -> None:
    redaction.remember(secret)
    for text in (secret, f"value={secret}.", f"<{secret}>", f"prefix{secret}suffix", f"https://a.example/{secret}/x"):
        assert secret not in redaction.masked(text)


def test_a_whole_log_line_is_masked_with_its_extra_fields_and_traceback() -> None:
    secret = "Hq7-canary-2f9c1b3a"  # noqa: S105
    redaction.remember(secret)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(redaction.Mask())
    handler.setFormatter(JsonLine())
    log = logging.getLogger("tests.redaction")
    log.addHandler(handler)
    try:
        raise ValueError(f"refused {secret}")
    except ValueError:
        log.exception("with %s", secret, extra={"header": f"Bearer {secret}"})
    finally:
        log.removeHandler(handler)
    assert "refused" in out.getvalue()
    assert secret not in out.getvalue()
