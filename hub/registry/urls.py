"""The addresses of the network's pages: administrative units, and where libraries are among them."""

from django.urls import path

from hub.registry import members, points, views

urlpatterns = [
    path("mang-luoi/khu-vuc", views.units, name="units"),
    path("mang-luoi/khu-vuc/<int:number>", views.unit, name="unit"),
    path("mang-luoi/xep", views.placing, name="placing"),
    path("mang-luoi/thanh-vien", members.members, name="members"),
    path("mang-luoi/thanh-vien/<str:code>", members.member, name="member"),
    path("mang-luoi/cum", members.sharing, name="groups"),
    path("mang-luoi/don", members.applications, name="applications"),
    path("cua-toi/<str:code>/diem-phuc-vu", points.points, name="library-points"),
    path("tham-gia", members.joining, name="joining"),
]
