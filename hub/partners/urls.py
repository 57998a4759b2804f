"""The addresses of the doctor and of a library's own pages."""

from django.urls import path

from hub.partners import bookcase, contact, correcting, mine, uploading, views

OWN = "cua-toi/<str:code>"
urlpatterns = [
    path("bac-si", views.doctor, name="doctor"),
    path("bac-si/<uuid:number>", views.letter, name="letter"),
    path("cua-toi", mine.my_library, name="my-library"),
    path(f"{OWN}", mine.home, name="library-home"),
    path(f"{OWN}/loi/<slug:kind>", mine.fault, name="library-fault"),
    path(f"{OWN}/loi/<slug:kind>.csv", mine.fault_file, name="library-fault-file"),
    path(f"{OWN}/chua-doc-duoc", mine.rejected, name="library-rejected"),
    path(f"{OWN}/chua-doc-duoc.csv", mine.rejected_file, name="library-rejected-file"),
    path(f"{OWN}/von-tai-lieu.csv", mine.holdings_file, name="library-holdings-file"),
    path(f"{OWN}/trung", mine.duplicates, name="library-duplicates"),
    path(f"{OWN}/tep/<slug:what>.<slug:form>", mine.take_back, name="library-file"),
    path(f"{OWN}/bieu-ghi", correcting.records, name="library-records"),
    path(f"{OWN}/bieu-ghi/<int:number>", correcting.record, name="library-record"),
    path(f"{OWN}/ban-sua", correcting.history, name="library-corrections"),
    path(f"{OWN}/ban-sua/<int:number>/hoan-tac", correcting.undo, name="library-correction-undo"),
    path(f"{OWN}/tai-len", uploading.uploads, name="library-uploads"),
    path(f"{OWN}/tai-len/<uuid:number>", uploading.upload, name="library-upload"),
    path(f"{OWN}/tai-len/<uuid:number>/xem-truoc", uploading.preview, name="library-upload-preview"),
    path(f"{OWN}/tai-len/<uuid:number>/nhap", uploading.bring, name="library-upload-bring"),
    path(f"{OWN}/tai-len/<uuid:number>/hoan-tac", uploading.undo, name="library-upload-undo"),
    path(f"{OWN}/tai-len/<uuid:number>/bo", uploading.drop, name="library-upload-drop"),
    path(f"{OWN}/cai-dat", contact.settings, name="library-settings"),
    path(f"{OWN}/them", bookcase.add, name="library-add"),
    path(f"{OWN}/them/luu", bookcase.save, name="library-add-save"),
    path(f"{OWN}/them/anh", bookcase.read_photo, name="library-add-photo"),
    path(f"{OWN}/them/hoan-tac/<uuid:key>", bookcase.undo, name="library-add-undo"),
    path(f"{OWN}/sach", bookcase.books, name="library-books"),
    path(f"{OWN}/sach/<int:number>", bookcase.change, name="library-book"),
]
