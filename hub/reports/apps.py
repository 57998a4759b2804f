"""The Django application reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The application ``hub.reports``."""

    name = "hub.reports"
    label = "reports"
