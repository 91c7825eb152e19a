"""The servers that other tests crash: what they lose and what they keep."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from redis import Redis

from accounts.models import Town
from tests.factories import make_town
from tests.faults.cluster import Servers
from tests.faults.workers import ended, fork


def test_a_crash_cuts_every_session_and_loses_nothing_that_was_committed(servers: Servers):
    make_town(name="Fernhill")
    servers.crash_and_restart_postgres()
    with pytest.raises(DatabaseError):
        Town.objects.exists()
    connection.close()
    assert Town.objects.get().name == "Fernhill"
    assert ended(fork(lambda: Town.objects.get(name="Fernhill"))) == 0


def test_the_application_owns_no_table(servers: Servers):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, tableowner FROM pg_tables WHERE tablename = 'channels_app_delivery'")
        assert cursor.fetchone() == ("app", "migrate")


def test_the_broker_can_be_emptied_frozen_and_killed(servers: Servers):
    redis = Redis.from_url(servers.environment["REDIS_URL"], socket_timeout=1)
    redis.set("message", "look now")
    servers.flush_valkey()
    assert redis.get("message") is None
    servers.freeze_valkey()
    assert not servers.valkey_answers()
    servers.thaw_valkey()
    assert servers.valkey_answers()
    servers.kill_valkey()
    assert not servers.valkey_answers()
    servers.start_valkey()
    assert servers.valkey_answers()
