"""The Django application registry."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The application ``hub.registry``."""

    name = "hub.registry"
    label = "registry"
