"""Beat alone: it only ticks, so it loads neither Django's apps nor the tasks it names, and stays small."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("parley", fixups=[])
app.config_from_object("config.celery_settings")
