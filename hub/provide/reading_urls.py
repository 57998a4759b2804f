"""The addresses of records, of files and feeds made of them, and of what leads to them."""

from django.urls import path

from hub.provide import api_urls, copy_pages, files, now, opds, record, robots, views

urlpatterns = [
    path("tim/cach-tim", views.search_help, name="search-help"),
    path("r/<str:uid>", record.record, name="record"),
    path("r/<str:uid>/con-khong", now.now, name="record-now"),
    path("r/<str:uid>/tep/<str:kind>", files.record_file, name="record-file"),
    path("tim/tep/<str:kind>", files.results_file, name="results-file"),
    path("sao-chep", copy_pages.copy, name="copy"),
    path("sao-chep/tep", copy_pages.copy_file, name="copy-file"),
    path("nhung", robots.box, name="box"),
    path("opensearch.xml", robots.open_search, name="open-search"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemaps, name="sitemaps"),
    path("sitemap-<int:start>.xml", robots.sitemap, name="sitemap"),
    path("opds", opds.start, name="opds"),
    path("opds/sach", opds.books, name="opds-books"),
    path("opds/1.2", opds.start_1, name="opds-1"),
    path("opds/1.2/sach", opds.books_1, name="opds-books-1"),
    *api_urls.urlpatterns,
]
