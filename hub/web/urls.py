"""The addresses of the portal: each application's own."""

from django.urls import include, path

urlpatterns = [
    path("", include(f"hub.{name}.urls")) for name in ("provide", "operations", "partners", "review", "accounts")
]
