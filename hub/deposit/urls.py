"""The addresses of legal deposit."""

from django.urls import path

from hub.deposit import views

urlpatterns = [
    path("luu-chieu", views.desk, name="deposit"),
    path("luu-chieu/tre.csv", views.late_table, name="deposit-late"),
    path("luu-chieu/tra-cuu", views.ask, name="deposit-ask"),
    path("luu-chieu/an-pham/<int:number>", views.publication, name="deposit-publication"),
    path("luu-chieu/giay-nhan/<int:number>", views.receipt, name="deposit-receipt"),
    path("cua-toi/<str:code>/luu-chieu", views.own, name="library-deposit"),
]
