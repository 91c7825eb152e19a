"""Celery: beat ticks, workers look into the database what is due. A message carries no truth and no schedule."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_before_create_process

from channels_app import platforms
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
