"""The Django application custody."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """The application ``hub.custody``."""

    name = "hub.custody"
    label = "custody"
