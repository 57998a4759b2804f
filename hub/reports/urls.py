"""The addresses of what the network lacks."""

from django.urls import path

from hub.reports import views

urlpatterns = [
    path("con-thieu", views.gaps, name="gaps"),
    path("con-thieu/khao-sat", views.look, name="gaps-look"),
    path("con-thieu/<slug:what>.csv", views.table, name="gaps-table"),
]
