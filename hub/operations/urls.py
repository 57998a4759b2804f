"""The addresses of the network's state and of IT staff's desk."""

from django.urls import path

from hub.operations import configuring, deciding, desk, running, telling, views, waiting, wizard

urlpatterns = [
    path("mang-luoi", views.network, name="network"),
    path("dieu-hanh", desk.desk, name="operations-desk"),
    path("dieu-hanh/cach-ly", waiting.reasons, name="quarantine"),
    path("dieu-hanh/lien-he", telling.people, name="contacts"),
    path("dieu-hanh/lien-he/<int:number>", telling.people, name="contact"),
    path("nguon/moi", wizard.new, name="source-new"),
    path("nguon/moi/<uuid:number>", wizard.draft, name="source-draft"),
    path("nguon/<str:name>", views.source, name="source"),
    path("nguon/<str:name>/viec", desk.act, name="source-act"),
    path("nguon/<str:name>/cai-dat", configuring.settings, name="source-settings"),
    path("nguon/<str:name>/cai-dat/kiem-tra", configuring.check, name="source-check"),
    path("nguon/<str:name>/do-phu", views.calendar, name="source-calendar"),
    path("nguon/<str:name>/bieu-ghi", views.records, name="source-records"),
    path("nguon/<str:name>/tu-choi", waiting.rejections, name="rejections"),
    path("nguon/<str:name>/tu-choi/thu-lai", waiting.retry, name="rejections-retry"),
    path("nguon/<str:name>/tu-choi/xem-truoc", waiting.preview, name="rejections-preview"),
    path("nguon/<str:name>/tu-choi/sua", waiting.repair, name="rejections-repair"),
    path("nguon/<str:name>/tu-choi/<int:number>", waiting.rejection, name="rejection"),
    path("nguon/<str:name>/tu-choi/<int:number>/sua", waiting.repair_one, name="rejection-repair"),
    path("cho-duyet", deciding.holds, name="holds"),
    path("cho-duyet/<int:number>", deciding.hold, name="hold"),
    path("cho-duyet/<int:number>/quyet-dinh", deciding.decide, name="hold-decide"),
    path("luot/<int:number>", running.run, name="run"),
    path("luot/<int:number>/tien-do", running.progress, name="run-progress"),
    path("luot/<int:number>/hoan-lai", running.undo, name="run-undo"),
]
