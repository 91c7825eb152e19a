"""Celery only wakes: ticks never pile up, nothing waits in a worker, and every task has a queue that somebody works."""

from __future__ import annotations

import pytest

from config import celery_settings, running
from config.beat import app as beat_app
from config.celery import app

app.loader.import_default_modules()
OURS = sorted(name for name in app.tasks if not name.startswith("celery."))
QUEUES = {queue.name for queue in celery_settings.task_queues}


@pytest.mark.parametrize("name", celery_settings.beat_schedule)
def test_a_tick_is_a_real_task_and_expires_when_the_next_one_comes(name: str) -> None:
    tick = celery_settings.beat_schedule[name]
    assert tick["task"] in app.tasks
    assert tick["options"]["expires"] == tick["schedule"]
    assert tick["options"]["queue"] in QUEUES


@pytest.mark.parametrize("name", OURS)
def test_every_task_goes_to_a_queue_that_somebody_works(name: str) -> None:
    assert app.amqp.router.route({}, name)["queue"].name in QUEUES


@pytest.mark.parametrize("name", OURS)
def test_no_task_outlives_the_lease_of_its_claim(name: str) -> None:
    task = app.tasks[name]
    limit = task.time_limit or celery_settings.task_time_limit
    assert limit < celery_settings.visibility_timeout
    assert not getattr(task, "autoretry_for", ())
    if "send_due" in name:
        assert limit < 90
        assert task.soft_time_limit < limit


def test_the_trial_works_every_queue() -> None:
    assert set(running.QUEUES.split(",")) == QUEUES


def test_a_lost_broker_is_noticed_soon_and_a_late_message_is_given_back() -> None:
    transport = app.conf.broker_transport_options
    assert transport["visibility_timeout"] == app.conf.visibility_timeout == 300
    assert transport["socket_timeout"] <= 2
    assert transport["max_retries"] == 1
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_beat_ticks_what_the_workers_know_in_utc() -> None:
    assert set(beat_app.conf.beat_schedule) == set(app.conf.beat_schedule)
    assert beat_app.conf.timezone == app.conf.timezone == "UTC"
    assert all(isinstance(tick["schedule"], int | float) for tick in celery_settings.beat_schedule.values())
