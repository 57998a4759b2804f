"""The Django application partners."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The application ``hub.partners``."""

    name = "hub.partners"
    label = "partners"
