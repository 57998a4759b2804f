"""The addresses of signing in, of accounts and of the audit trail."""

from django.urls import path

from hub.accounts import administration, doors, entrance, own, trail

urlpatterns = [
    path("dang-nhap", entrance.sign_in, name="sign-in"),
    path("dang-xuat", entrance.sign_out, name="sign-out"),
    path("dang-nhap/moi/<str:token>", doors.invitation, name="invitation"),
    path("dang-nhap/quen", doors.forgotten, name="forgotten"),
    path("dang-nhap/da-gui", doors.letter_sent, name="letter-sent"),
    path("dang-nhap/dat-lai/<str:number>/<str:token>", doors.new_password, name="new-password"),
    path("tai-khoan", own.account, name="my-account"),
    path("tai-khoan/khoa", own.own_keys, name="my-keys"),
    path("tai-khoan/dong-nghiep/<str:code>", administration.colleagues, name="colleagues"),
    path("quan-tri/tai-khoan", administration.accounts, name="accounts"),
    path("quan-tri/tai-khoan/<int:number>", administration.account, name="account"),
    path("quan-tri/nhat-ky", trail.trail, name="audit"),
]
