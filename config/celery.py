"""Celery: beat ticks, workers look into the database what is due. A message carries no truth and no schedule."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import task_received, worker_before_create_process, worker_ready

from channels_app import platforms
from config import celery_settings
from config.lively import Watch
from config.memory import keep_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("parley")
app.config_from_object("config.celery_settings")
app.autodiscover_tasks()


@worker_before_create_process.connect
def share_memory(**words: object) -> None:
    """Load the platforms' SDKs before a worker forks, so that their memory stays shared."""
    for name in platforms.REGISTRY:
        platforms.get(name)
    keep_loaded()


@worker_ready.connect
def watch_itself(**words: object) -> None:
    """From now on this worker ends when it takes nothing although something waits."""
    watch = Watch(app, tuple(app.amqp.queues.consume_from), celery_settings.SILENCE)
    task_received.connect(watch.hear, weak=False)
    watch.start()
