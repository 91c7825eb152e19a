"""Keys that came through a door are renewed through it: by one worker, however many find that they end."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from accounts import clock
from channels_app import app_keys, connecting, renewing, vault
from channels_app.emulator.client import Emulator
from channels_app.models import Credential
from channels_app.platforms import doors
from tests.contract.test_doors import Dance, town
from tests.factories import make_channel, make_user

__all__ = ["town"]
WORKERS = 8


@pytest.mark.parametrize("name", ["linkedin", "pinterest"])
def test_eight_workers_renew_once_through_the_platform_s_own_door(
    transactional_db: None, town: Emulator, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "PAUSE", 0.02)
    dance = Dance(name)
    grant = dance.exchange(dance.code())
    given = {"client_id": dance.app.client_id, "client_secret": dance.app.client_secret.reveal()}
    app_keys.replace(name, given, by=make_user("administrator"), now=clock.now())
    channel = make_channel(name, practice=True, expires_at=grant.expires_at)
    for field, secret in grant.secrets.items():
        vault.store(channel, field, secret)
    used, asked = connecting.account_of(channel), len(town.requests(route="token"))
    problems: list[Exception] = []
    together = threading.Barrier(WORKERS, timeout=60)

    def work() -> None:
        try:
            together.wait()
            renewing.renew(channel, clock.now(), used)
        except Exception as problem:  # noqa: BLE001  it is what the test tells
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    kept = connecting.account_of(channel)
    assert kept.secrets["access_token"].reveal() != used.secrets["access_token"].reveal()
    assert kept.secrets["client_id"].reveal() == dance.app.client_id
    assert not Credential.objects.exclude(refresh_until=None).exists()
    assert len(town.requests(route="token")) == asked + 1


@pytest.mark.parametrize("name", ["linkedin", "pinterest", "x", "youtube"])
def test_each_of_them_has_a_way_to_be_renewed(name: str) -> None:
    assert renewing.of(name) is not None
    assert doors.renewer(name) is not None
