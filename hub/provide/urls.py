"""The addresses of the pages anyone may read, and of OAI-PMH."""

from django.urls import path

from hub.provide import dump_pages, oai, reading_urls, sru, views

urlpatterns = [
    path("", views.home, name="home"),
    path("tim", views.results, name="results"),
    *reading_urls.urlpatterns,
    path("thu-vien", views.libraries, name="libraries"),
    path("thu-vien/<str:code>", views.library, name="library"),
    path("sru", sru.server, name="sru"),
    path("oai", oai.provider, name="oai"),
    path("oai/<str:code>", oai.own_records, name="oai-library"),
    path("oai-own", oai.own_records, name="oai-own"),
    path("du-lieu", dump_pages.index, name="dumps"),
    path("du-lieu/<str:name>.xml", dump_pages.resource_lists, name="resource-list"),
    path("du-lieu/<str:dump>/<str:name>", dump_pages.file, name="dump-file"),
    path(".well-known/resourcesync", dump_pages.source_description, name="resourcesync"),
]
