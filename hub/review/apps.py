"""The Django application review."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The application ``hub.review``."""

    name = "hub.review"
    label = "review"
