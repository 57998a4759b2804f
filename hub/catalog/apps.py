"""The Django application catalog."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The application ``hub.catalog``."""

    name = "hub.catalog"
    label = "catalog"
