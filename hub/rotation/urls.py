"""The addresses of rotation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
