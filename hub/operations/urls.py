"""The addresses of the network's state and of IT staff's desk."""

from django.urls import path

from hub.operations import views, waiting

urlpatterns = [
    path("mang-luoi", views.network, name="network"),
    path("dieu-hanh", views.network, name="operations-desk"),
    path("nguon/<str:name>", views.source, name="source"),
    path("nguon/<str:name>/bieu-ghi", views.records, name="source-records"),
    path("nguon/<str:name>/tu-choi", waiting.rejections, name="rejections"),
    path("nguon/<str:name>/tu-choi/<int:number>", waiting.rejection, name="rejection"),
    path("cho-duyet", waiting.holds, name="holds"),
    path("cho-duyet/<int:number>", waiting.hold, name="hold"),
    path("luot/<int:number>", views.run, name="run"),
]
