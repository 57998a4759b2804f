"""The Django application lending."""

from django.apps import AppConfig


class LendingConfig(AppConfig):
    """The application ``hub.lending``."""

    name = "hub.lending"
    label = "lending"
