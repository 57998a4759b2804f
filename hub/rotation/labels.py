"""Labels of boxes: a QR code that leads to the box's page."""

from __future__ import annotations

import io
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from hub.rotation.models import Box


@dataclass(frozen=True, slots=True)
class Label:
    """A box with its address and the code of it as SVG."""

    box: Box
    address: str
    code: SafeString


def address(box: Box) -> str:
    """Where the box's page is."""
    return settings.BASE_URL.rstrip("/") + reverse("rotation-box", args=[box.pk])


def label(box: Box) -> Label:
    """The label of a box (QR code model 2, error correction M)."""
    where, stream = address(box), io.BytesIO()
    segno.make(where, error="m", micro=False).save(
        stream, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, svgclass="qr", lineclass=None
    )
    return Label(box, where, mark_safe(stream.getvalue().decode()))  # noqa: S308 - made of an address of ours
