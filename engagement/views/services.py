"""Promises by the department they were with, in words for the page: every number leads to its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from engagement import departments, promise_list, promises_kept, promising
from engagement.promise_list import Wish


def lines(wish: Wish, user: User, now: datetime) -> list[dict[str, Any]]:
    """A line for each department; none where no promise of these weeks was with one."""
    today, here = promising.today_of(now), reverse("promises:all")
    found = promises_kept.by_service(promise_list.filtered(wish, user, now), now, today, promise_list.WEEKS)
    rows = []
    for pk, name, one in found if any(pk for pk, _, _ in found) else ():
        there = str(pk or departments.NONE)
        cells = [
            (getattr(one, key), f"{here}?{wish.query(outcome=key, week=None, department=there)}")
            for key in ("due", *promises_kept.OUTCOMES)
        ]
        rows.append({"name": name, "cells": cells, "percent": one.percent})
    return rows
