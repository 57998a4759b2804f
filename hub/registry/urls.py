"""The addresses of the network's pages: administrative units, and where libraries are among them."""

from django.urls import path

from hub.registry import views

urlpatterns = [
    path("mang-luoi/khu-vuc", views.units, name="units"),
    path("mang-luoi/khu-vuc/<int:number>", views.unit, name="unit"),
    path("mang-luoi/xep", views.placing, name="placing"),
]
