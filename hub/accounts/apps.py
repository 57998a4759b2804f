"""The Django application accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The application ``hub.accounts``."""

    name = "hub.accounts"
    label = "accounts"
