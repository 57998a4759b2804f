"""The addresses of the doctor and of a library's own pages."""

from django.urls import path

from hub.partners import views

urlpatterns = [
    path("bac-si", views.doctor, name="doctor"),
    path("bac-si/<uuid:number>", views.letter, name="letter"),
]
