"""The addresses of legal deposit."""

from django.urls import path

from hub.deposit import calendar_page, exchange_pages, files, preservation, publications, tus, views

urlpatterns = [
    path("luu-chieu", views.desk, name="deposit"),
    path("luu-chieu/tre.csv", views.late_table, name="deposit-late"),
    path("luu-chieu/lich", calendar_page.month, name="deposit-calendar"),
    path("luu-chieu/lich.ics", calendar_page.icalendar, name="deposit-ics"),
    path("luu-chieu/tra-cuu", views.ask, name="deposit-ask"),
    path("luu-chieu/an-pham/<int:number>", publications.managed, name="deposit-publication"),
    path("luu-chieu/an-pham/<int:number>/trao-doi", publications.distribute, name="deposit-distribute"),
    path("cua-toi/<str:code>/trao-doi", exchange_pages.own, name="library-exchange"),
    path("cua-toi/<str:code>/trao-doi/giay-nhan/<int:number>", views.exchange_receipt, name="exchange-receipt"),
    path("luu-chieu/giay-nhan/<int:number>", views.receipt, name="deposit-receipt"),
    path("luu-chieu/luu-giu", preservation.page, name="deposit-preservation"),
    path("luu-chieu/tep.xml", files.listed, name="deposit-list"),
    path("luu-chieu/tep/<str:name>", files.file, name="deposit-file"),
    path("cua-toi/<str:code>/luu-chieu", views.own, name="library-deposit"),
    path("cua-toi/<str:code>/luu-chieu/an-pham/<int:number>", publications.own, name="library-publication"),
    path("cua-toi/<str:code>/luu-chieu/tep", tus.files, name="deposit-uploads"),
    path("cua-toi/<str:code>/luu-chieu/tep/<slug:token>", tus.file, name="deposit-upload"),
    path("deposit/<str:code>/files", tus.api_files, name="deposit-api-uploads"),
    path("deposit/<str:code>/files/<slug:token>", tus.api_file, name="deposit-api-upload"),
]
