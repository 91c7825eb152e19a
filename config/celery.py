"""Celery: beat ticks, workers look into the database what is due. A message carries no truth and no schedule."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("parley")
app.config_from_object("config.celery_settings")
app.autodiscover_tasks()
