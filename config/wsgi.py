"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from channels_app import platforms

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Every page and platform is loaded before gunicorn forks: its workers share the memory, the first visitor does not
# wait, and one that is broken stops the start.
assert get_resolver().url_patterns
assert all(platforms.get(name) for name in platforms.REGISTRY)
