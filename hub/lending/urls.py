"""The addresses of lending."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
