"""The addresses of lending."""

from django.urls import path

from hub.lending import endpoint, overseeing, progress, views

OWN = "cua-toi/<str:code>/muon"
urlpatterns = [
    path(OWN, views.home, name="library-loans"),
    path(f"{OWN}/moi", views.ask, name="loan-ask"),
    path(f"{OWN}/quy-dinh", views.policy, name="lending-policy"),
    path("muon", overseeing.overview, name="loans"),
    path("muon/cac-buoc", views.states, name="loan-states"),
    path("muon/<int:year>.csv", overseeing.table, name="loans-table"),
    path("muon/thong-diep/<int:number>", overseeing.send_again, name="loan-send-again"),
    path("muon/<int:number>", progress.loan, name="loan"),
    path("muon/sach/<str:uid>", views.book, name="loan-book"),
    path("iso18626", endpoint.messages, name="iso18626"),
]
