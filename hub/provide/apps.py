"""The Django application provide."""

from django.apps import AppConfig


class ProvideConfig(AppConfig):
    """The application ``hub.provide``."""

    name = "hub.provide"
    label = "provide"
