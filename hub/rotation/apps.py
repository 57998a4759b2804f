"""The Django application rotation."""

from django.apps import AppConfig


class RotationConfig(AppConfig):
    """The application ``hub.rotation``."""

    name = "hub.rotation"
    label = "rotation"
