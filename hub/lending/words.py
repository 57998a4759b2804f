"""What states, acts and reasons of loans are called on pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: dict[str, Any] = {
    "asked": _("asked"),
    "promised": _("will be sent"),
    "cancel_asked": _("to be cancelled"),
    "sent": _("on its way"),
    "on_loan": _("on loan"),
    "renewal_asked": _("renewal asked for"),
    "recalled": _("asked back"),
    "returned": _("on its way back"),
    "lost": _("lost"),
    "done": _("back at home"),
    "cancelled": _("cancelled"),
    "unfilled": _("nobody could send it"),
    "settled": _("settled"),
}
NEXT: dict[str, Any] = {  # what is to be done by whose turn it is
    "asked": _("say whether it will be sent"),
    "promised": _("send the copy"),
    "cancel_asked": _("say whether it can still be cancelled"),
    "sent": _("say when it has arrived"),
    "on_loan": _("send it back by the day it is due"),
    "renewal_asked": _("say whether it may be kept longer"),
    "recalled": _("send it back now"),
    "returned": _("check it in when it has arrived"),
    "lost": _("settle the loss, or say that it was found"),
}
BUTTONS: dict[str, Any] = {
    "agree": _("We will send it"),
    "refuse": _("We cannot send it"),
    "send": _("It is on its way"),
    "cancel": _("We need it no more"),
    "cancel_yes": _("Cancel it"),
    "cancel_no": _("It is too late to cancel"),
    "receive": _("It has arrived"),
    "renew": _("Ask to keep it longer"),
    "renew_yes": _("It may be kept longer"),
    "renew_no": _("It may not be kept longer"),
    "recall": _("Ask for it back"),
    "return": _("It is on its way back"),
    "check_in": _("It is back at home"),
    "lose": _("It is lost"),
    "find": _("It was found"),
    "settle": _("The loss is settled"),
}
DONE: dict[str, Any] = {  # in the history, after the name of the library
    "ask": _("asked for it"),
    "agree": _("promised to send it"),
    "refuse": _("could not send it"),
    "send": _("sent it"),
    "cancel": _("asked to cancel"),
    "cancel_yes": _("cancelled it"),
    "cancel_no": _("could not cancel any more"),
    "receive": _("received it"),
    "renew": _("asked to keep it longer"),
    "renew_yes": _("let it be kept longer"),
    "renew_no": _("did not let it be kept longer"),
    "recall": _("asked for it back"),
    "return": _("sent it back"),
    "check_in": _("has it back"),
    "lose": _("said that it is lost"),
    "find": _("found it"),
    "settle": _("settled the loss"),
    "overdue": _("reminded of the day it was due"),
    "handed_over": _("asked the coordinator, because nobody acted"),
    "note": _("wrote"),
    "status": _("asked how it stands"),
}
AFTER: dict[str, Any] = {"refuse": _("the next library is asked, or it ends")}  # said in place of a state
WHY: dict[str, Any] = {  # why a library did not send
    "not_on_shelf": _("not on the shelf"),
    "in_use": _("lent to a reader"),
    "not_lent": _("is not lent"),
    "damaged": _("in bad condition"),
    "silent": _("did not answer in time"),
    "other": _("another reason"),
}
NOT_ASKED: dict[str, Any] = {  # why a library is not asked
    "restricted": _("is read on the spot only"),
    "nothing": _("lends nothing to others"),
    "group": _("lends to its own groups only"),
    "textbook": _("has it as a textbook for its classes"),
    "away": _("has no copy at home"),
    "most": _("has lent you as many as it lends at a time"),
}
SIDES: dict[str, Any] = {
    "requester": _("the library that asked"),
    "supplier": _("the library that lends"),
    "coordinator": _("the coordinator"),
}
