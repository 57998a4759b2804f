"""How the library may be reached, and who may see it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.accounts.access import needs
from hub.accounts.roles import Permission
from hub.catalog import bulk, writes
from hub.network import contacts
from hub.network.models import Contact
from hub.partners import pages
from schemas.problem import Trouble


@needs(Permission.LIBRARY_SETTINGS, library="code")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, code: str) -> HttpResponse:
    """See and change the contact and its visibility."""
    library = pages.library_of(code)
    contact = contacts.contact_of(library)
    shown, wrong = contacts.is_shown(library, contact), ""
    values = {name: getattr(contact, name) for name in contacts.FIELDS}
    if request.method == "POST":
        values = {name: " ".join(request.POST.get(name, "").replace("\0", "").split()) for name in contacts.FIELDS}
        shown = request.POST.get("shown") == "yes"
        try:
            _check(values)
        except Trouble as trouble:
            wrong = pages.sentence(trouble.problem)
        else:
            with bulk.writing():
                by = pages.signature(request)
                changed = contacts.keep(library, values, shown=shown, by=by)
                writes.audit(by, "library.settings", code, changed=changed)
            return redirect(f"{request.path}?saved=1")
    context = {
        **pages.frame(request, library, "settings"),
        "values": values,
        "shown": shown,
        "wrong": wrong,
        "saved": request.GET.get("saved") == "1",
        "private_kind": library.kind in contacts.PRIVATE,
    }
    return pages.private(render(request, "partners/settings.html", context, status=400 if wrong else 200))


def _check(values: dict[str, str]) -> None:
    """Each value is of the right form and fits; :class:`Trouble` ``setting_wrong``."""
    for name, text in values.items():
        if len(text) > (getattr(Contact._meta.get_field(name), "max_length", 0) or 0):
            raise Trouble("setting_wrong", value=text[:60] + "…", what=_("text of this length"))
    if values["email"]:
        try:
            validate_email(values["email"])
        except ValidationError:
            raise Trouble("setting_wrong", value=values["email"], what=_("e-mail address")) from None
    if values["website"] and not values["website"].startswith(("http://", "https://")):
        raise Trouble("setting_wrong", value=values["website"], what=_("web address beginning with https://"))
    if values["phone"] and not all(c.isdigit() or c in "+-.() /" for c in values["phone"]):
        raise Trouble("setting_wrong", value=values["phone"], what=_("telephone number"))
