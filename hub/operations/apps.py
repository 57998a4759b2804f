"""The Django application operations."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The application ``hub.operations``."""

    name = "hub.operations"
    label = "operations"
