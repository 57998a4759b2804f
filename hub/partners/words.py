"""What faults and fields are called on a library's own pages, and how each fault is mended."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class FaultWords(NamedTuple):
    """A fault in plain words: what it is, and what to do about it."""

    name: Any
    mend: Any


FAULTS = {
    "isbn_short": FaultWords(
        _("ISBN without its last figure"),
        _("The last figure was cut off. The list gives the whole number; compare it with the back cover."),
    ),
    "isbn_float": FaultWords(
        _("ISBN spoiled by Excel"),
        _(
            "Excel has made 9,78604E+12 of the number. Format the column as text, then type the number from the back"
            " cover again."
        ),
    ),
    "isbn_wrong": FaultWords(
        _("ISBN with a wrong check digit"),
        _("Compare it with the back cover. A number that is printed wrong stays as it is, in 020 $z."),
    ),
    "isbn_none": FaultWords(
        _("Books since 2008 without ISBN"),
        _("Type it from the back cover or the imprint page. Records with an ISBN find their match by themselves."),
    ),
    "title_capitals": FaultWords(
        _("Titles in capitals"),
        _("Write the title as a sentence: a capital at its beginning and for names only."),
    ),
    "title_unmarked": FaultWords(
        _("Vietnamese titles without marks"),
        _("Type the title again with its marks; a search with marks does not find it otherwise."),
    ),
    "author_none": FaultWords(
        _("No author"),
        _("Give the first author, or the body or editor that stands for it, as the title page does."),
    ),
    "publisher_none": FaultWords(_("No publisher"), _("Give the publisher as on the title page.")),
    "year_none": FaultWords(
        _("No year"),
        _("Give the year of the imprint page; a guess goes in square brackets, such as [2015]."),
    ),
    "language_none": FaultWords(_("No language"), _("Give the language of the text.")),
    "pages_none": FaultWords(_("No number of pages"), _("Give the last numbered page.")),
    "class_none": FaultWords(
        _("No classification number"),
        _("Take it over: the file of improved records has it wherever another library gives one."),
    ),
    "copies_none": FaultWords(
        _("No copies"),
        _("Say how many copies there are, or give their accession numbers. Records without copies cannot be lent."),
    ),
}
PARTS = {
    "title": _("Title written well"),
    "author": _("Author"),
    "publisher": _("Publisher"),
    "year": _("Year"),
    "isbn": _("Valid ISBN, or none needed"),
    "language": _("Language"),
    "pages": _("Number of pages"),
    "class": _("Classification number"),
    "copies": _("Copies"),
}
FIELDS = {
    "title": _("Title"),
    "subtitle": _("Subtitle"),
    "volume": _("Volume"),
    "author": _("Author"),
    "isbn": _("ISBN"),
    "edition": _("Edition"),
    "place": _("Place of publication"),
    "publisher": _("Publisher"),
    "year": _("Year of publication"),
    "pages": _("Number of pages"),
    "language": _("Language"),
    "audience": _("For whom"),
}
STATES = {
    "waiting": _("Not imported yet"),
    "importing": _("Being imported"),
    "imported": _("Imported"),
    "failed": _("Not imported: something went wrong"),
    "undone": _("Undone"),
    "dropped": _("Put aside"),
}
OUTCOMES = {
    "new": _("new"),
    "changed": _("will change"),
    "unchanged": _("unchanged"),
    "deleted": _("will be deleted"),
    "twice": _("comes again below"),
    "rejected": _("cannot be taken"),
}
ACTS = {
    "add": _("added"),
    "change": _("number changed"),
    "remove": _("removed"),
    "undo": _("undone"),
}
