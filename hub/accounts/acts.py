"""What acts of the audit trail are called; one that is not named here is shown by its code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Any] = {
    "sign_in": _("signed in"),
    "sign_in.failed": _("a sign-in failed"),
    "sign_out": _("signed out"),
    "entry": _("entered the demo"),
    "entry.made": _("a link into the demo"),
    "sessions.ended": _("signed out everywhere"),
    "account.made": _("account made"),
    "account.described": _("name or language changed"),
    "account.closed": _("account closed"),
    "account.opened": _("account opened again"),
    "password.changed": _("password changed"),
    "password.letter": _("letter for a new password"),
    "role.given": _("role given"),
    "role.taken": _("role taken away"),
    "invitation.made": _("invited"),
    "invitation.withdrawn": _("invitation withdrawn"),
    "invitation.accepted": _("invitation accepted"),
    "key.made": _("key made"),
    "key.rotated": _("key replaced"),
    "key.revoked": _("key withdrawn"),
    "source.added": _("source added"),
    "source.changed": _("source changed"),
    "source.encoding": _("encoding of a source settled"),
    "match.decided": _("pair decided"),
    "match.undone": _("decision undone"),
    "hold.released": _("large change released"),
    "hold.refused": _("large change refused"),
    "hold.judged_anew": _("large change judged anew"),
    "removals.undone": _("removals undone"),
    "records.mended": _("records mended"),
    "rebuild": _("everything made again"),
}


def act_name(act: str) -> Any:
    """What an act is called."""
    return ACTS.get(act, act)
