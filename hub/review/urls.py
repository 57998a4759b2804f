"""The addresses of the catalogers' desk."""

from django.urls import path

from hub.review import clusters, patterns, views

urlpatterns = [
    path("duyet", views.queue, name="review-queue"),
    path("duyet/tiep", views.start, name="review-start"),
    path("duyet/cap/<int:first>/<int:second>", views.pair, name="review-pair"),
    path("duyet/cap/<int:first>/<int:second>/cung-kieu", patterns.alike, name="review-alike"),
    path("duyet/hoan-tac", views.undo_last, name="review-undo-last"),
    path("duyet/hoan-tac/<str:ref>", views.undo, name="review-undo"),
    path("duyet/viec-da-lam", clusters.done, name="review-acts"),
    path("duyet/mau-thuan", clusters.against, name="review-contradictions"),
    path("duyet/cum/<str:uid>", clusters.cluster, name="review-cluster"),
    path("duyet/lich-su/<str:uid>", clusters.history, name="review-history"),
]
