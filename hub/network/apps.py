"""The Django application network."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The application ``hub.network``."""

    name = "hub.network"
    label = "network"

    def ready(self) -> None:
        """Tell the accounts which libraries there are."""
        from hub.accounts import places
        from hub.network.names import names_of

        places.know(names_of)
