"""A token is never seen again once it is in: not in errors, logs, addresses or anything printed."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from channels_app.platforms import http
from channels_app.platforms.base import Account, Ending, Outgoing, Secret
from tests.contract.conftest import Desk, picture, prepared

CANARY = "canary-8e1f60c2d97b4a35"


@pytest.fixture
def watched(desk: Desk, caplog: pytest.LogCaptureFixture) -> Account:
    """The account with a token that can be looked for, and every logger wide open."""
    for name in ("", "tweepy", "facebook", "mastodon", "urllib3", "requests_oauthlib", "oauthlib", "httpx"):
        caplog.set_level(logging.DEBUG, logger=name)
    for name in ("tweepy", "facebook", "mastodon"):  # the adapters keep the SDKs quieter than this
        caplog.set_level(logging.INFO, logger=name)
    desk.emulator.create_token(desk.account.remote_id, token=CANARY)
    secrets = {name: Secret(f"{CANARY}-{name}") for name in desk.account.secrets} | {"access_token": Secret(CANARY)}
    secrets |= {need.key: desk.account.secrets[need.key] for need in desk.platform.NEEDS if need.shown}
    return replace(desk.account, secrets=secrets)


def test_no_error_log_line_or_address_holds_a_token(
    desk: Desk, watched: Account, caplog: pytest.LogCaptureFixture
) -> None:
    endings: list[Ending] = []
    post = desk.post("Whatever happens.")
    for kind in ("html", "drop_before", "truncated", "empty_body", "rate_limited", "forbidden", "revoked", ""):
        desk.emulator.clear_faults()
        if kind:
            desk.fault(kind)
        for call in calls(replace(desk, account=watched), post):
            try:
                call()
            except Ending as ending:
                endings.append(ending)
    assert len(endings) > 20
    assert {ending.__context__ for ending in endings} == {None}
    said = ["".join(traceback.format_exception(one)) + repr(one) + str(one.args) for one in endings]
    said += [f"{record.getMessage()} {record.args}" for record in caplog.records] + [caplog.text]
    said += [str(row) for row in desk.emulator.requests(platform=desk.name)]
    assert CANARY not in " ".join(said)


def calls(desk: Desk, outgoing: Outgoing) -> list[Callable[[], object]]:
    """One call of each kind."""
    platform, account = desk.platform, desk.account
    return [
        partial(platform.profile, account),
        partial(platform.send, account, outgoing),
        partial(platform.send, account, Outgoing("delete", target="1")),
        partial(prepared, desk, Outgoing("post", "x", pictures=[picture()])),
        partial(platform.fetch, account, platform.STREAMS[0], ""),
        partial(platform.metrics, account, [""]),
    ]


def test_the_address_of_a_request_never_carries_a_token(
    desk: Desk, watched: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[str] = []
    send = http.Session.send

    def spy(self: http.Session, request: object, **options: object) -> object:
        urls.append(str(request.url))  # type: ignore[attr-defined]
        return send(self, request, **options)

    monkeypatch.setattr(http.Session, "send", spy)
    desk.platform.profile(watched)
    post = replace(desk, account=watched).posted("Hello.")
    for stream in desk.platform.STREAMS:
        desk.platform.fetch(watched, stream, "", post)
    desk.platform.metrics(watched, ["", post])
    if "delete" in desk.platform.CAN:
        desk.platform.send(watched, Outgoing("delete", target=post))
    assert len(urls) > 4
    assert CANARY not in " ".join(urls)


def test_a_secret_has_no_readable_form(desk: Desk, watched: Account) -> None:
    secret = watched.secrets["access_token"]
    for shown in (repr(watched), str(watched), repr(secret), f"{secret}", f"{watched!r}", repr([secret])):
        assert CANARY not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_no_request_leaves_this_machine(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[tuple[str, str, int]] = []
    monkeypatch.setattr(http, "seen", lambda *where: reached.append(where))
    desk.posted()
    desk.platform.fetch(desk.account, "posts", "")
    assert reached
    assert {address for _, address, _ in reached} == {"127.0.0.1"}
