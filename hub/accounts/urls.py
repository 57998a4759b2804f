"""The addresses of signing in and of accounts."""

from django.urls import path

from hub.accounts import entrance

urlpatterns = [
    path("dang-nhap", entrance.sign_in, name="sign-in"),
    path("dang-xuat", entrance.sign_out, name="sign-out"),
]
