"""The addresses of the catalogers' desk."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
