"""What the database's address becomes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_the_address_is_taken_apart():
    made = env.database("postgresql://app:p%40ss@db:5433/parley?sslmode=require")
    named = [made[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")]
    assert named == ["parley", "app", "p@ss", "db", "5433"]
    assert made["OPTIONS"] == {"options": env.PLANS, "sslmode": "require"}


def test_options_of_the_address_replace_our_own():
    made = env.database("postgresql://app@/parley?host=/run/socket&options=-c%20jit%3Don")
    assert (made["HOST"], made["OPTIONS"]) == ("/run/socket", {"options": "-c jit=on"})


def test_another_kind_of_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL only"):
        env.database("mysql://root@localhost/parley")
