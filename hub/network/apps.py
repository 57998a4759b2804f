"""The Django application network."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The application ``hub.network``."""

    name = "hub.network"
    label = "network"
