"""The addresses of rotation."""

from django.urls import path

from hub.rotation import hands, offline, views

urlpatterns = [
    path("luan-chuyen", views.home, name="rotation"),
    path("luan-chuyen/nhan", views.sheet_of_labels, name="box-labels"),
    path("luan-chuyen/ke-hoach", views.new_plan, name="plan-new"),
    path("luan-chuyen/ke-hoach/<int:number>", views.plan, name="plan"),
    path("luan-chuyen/hop/<str:code>", views.contents, name="box-contents"),
    path("luan-chuyen/bien-ban/<int:number>", hands.minutes, name="minutes"),
    path("hop/<str:code>", hands.box, name="rotation-box"),
    path("xe", hands.carry, name="carry"),
    path("cua-toi/<str:code>/hop", hands.library_boxes, name="library-boxes"),
    path("cua-toi/<str:code>/usb", offline.offline, name="offline"),
    path("cua-toi/<str:code>/usb/goi", offline.packed, name="offline-bundle"),
]
