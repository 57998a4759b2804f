"""The addresses of the portal."""

from django.urls import path

from hub.operations import views as operations
from hub.operations import waiting
from hub.partners import views as partners
from hub.provide import oai, views

urlpatterns = [
    path("", views.home, name="home"),
    path("tim", views.results, name="results"),
    path("r/<str:uid>", views.record, name="record"),
    path("thu-vien", views.libraries, name="libraries"),
    path("thu-vien/<str:code>", views.library, name="library"),
    path("oai", oai.provider, name="oai"),
    path("mang-luoi", operations.network, name="network"),
    path("nguon/<str:name>", operations.source, name="source"),
    path("nguon/<str:name>/bieu-ghi", operations.records, name="source-records"),
    path("nguon/<str:name>/tu-choi", waiting.rejections, name="rejections"),
    path("nguon/<str:name>/tu-choi/<int:number>", waiting.rejection, name="rejection"),
    path("cho-duyet", waiting.holds, name="holds"),
    path("cho-duyet/<int:number>", waiting.hold, name="hold"),
    path("bac-si", partners.doctor, name="doctor"),
    path("bac-si/<uuid:number>", partners.letter, name="letter"),
    path("luot/<int:number>", operations.run, name="run"),
]
