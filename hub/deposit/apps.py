"""The Django application deposit."""

from django.apps import AppConfig


class DepositConfig(AppConfig):
    """The application ``hub.deposit``."""

    name = "hub.deposit"
    label = "deposit"
