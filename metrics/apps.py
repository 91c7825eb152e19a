"""Evidence: did it work?"""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"
