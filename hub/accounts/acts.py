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
    "contact.added": _("contact added"),
    "contact.changed": _("contact changed"),
    "contact.removed": _("contact removed"),
    "library.settings": _("settings of a library changed"),
    "match.decided_all": _("many pairs decided"),
    "match.undone_all": _("many decisions undone"),
    "match.unsure": _("pair left open"),
    "match.unsure_undone": _("pair asked about again"),
    "record.corrected": _("record corrected"),
    "record.correction_undone": _("correction undone"),
    "review.note_removed": _("note removed"),
    "review.noted": _("note written"),
    "run.undone": _("run undone"),
    "run.withdrawn": _("request for a run withdrawn"),
    "source.file.changed": _("source file changed"),
    "source.file.created": _("source file made"),
    "source.paused": _("source paused"),
    "source.reset": _("source reset"),
    "source.resumed": _("source resumed"),
    "title.generic": _("title marked as generic"),
    "title.generic_undone": _("generic title unmarked"),
    "union.choice_undone": _("choice of a field undone"),
    "union.chosen": _("field or leading record chosen"),
    "upload.arrived": _("file uploaded"),
    "upload.dropped": _("uploaded file dropped"),
    "upload.imported": _("uploaded file taken in"),
    "run.asked.run": _("run asked for"),
    "run.asked.full": _("complete run asked for"),
    "run.asked.reset": _("run from the start asked for"),
    "run.asked.window": _("run over some days asked for"),
    "run.asked.sweep": _("comparison of the list asked for"),
    "run.asked.retry": _("quarantine to be read again"),
    "run.asked.repair": _("mends to be accepted"),
    "rebuild": _("everything made again"),
}


def act_name(act: str) -> Any:
    """What an act is called."""
    return ACTS.get(act, act)
