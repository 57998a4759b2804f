"""The addresses of the portal: each application's own."""

from django.urls import include, path

APPLICATIONS = (
    "provide", "operations", "partners", "review", "registry", "lending", "rotation", "deposit", "reports", "accounts",
)  # fmt: skip
urlpatterns = [path("", include(f"hub.{name}.urls")) for name in APPLICATIONS]
