"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Every page is loaded before gunicorn forks: its workers share the memory, and one that is broken stops the start.
assert get_resolver().url_patterns
