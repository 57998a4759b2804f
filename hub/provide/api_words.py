"""What the operations and parameters of the API are, in words for its page and its description."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

OPERATIONS: dict[str, Any] = {
    "search": _("Search with facets; works with their editions, or every edition by itself"),
    "records": _("All records, by number, page after page"),
    "record": _("One record with everything it says and who has it"),
    "record-marcjson": _("One record as MARC-in-JSON"),
    "holdings": _("Who has a record: libraries, places, call numbers, copies"),
    "work": _("A work with its editions, volumes and translations"),
    "changes": _("What is new, has changed or is gone, the oldest first"),
    "libraries": _("The libraries of the network"),
    "library": _("One library"),
    "copy": _("The best record for an ISBN, damaged or not, or a title, as a MARC file"),
    "copy-list": _("The best records for a list of ISBNs or titles"),
}
PARAMETERS: dict[str, Any] = {
    "q": _("what is looked for, as in the search box: words, “phrases”, fields, years, -minus"),
    "library": _("codes of libraries, any of them"),
    "unit": _("areas, any of them"),
    "kind": _("kinds of library, any of them"),
    "audience": _("audiences by MARC 21 008/22, any of them"),
    "language": _("languages by MARC 21, any of them"),
    "decade": _("first years of decades, any of them"),
    "form": _("forms, any of them"),
    "availability": _("copies, online, open; any of them"),
    "from": _("the first year"),
    "to": _("the last year"),
    "sort": _("the best match or the newest first"),
    "by": _("works, or every edition by itself"),
    "page": _("the page, from 1"),
    "size": _("records of a page"),
    "facets": _("whether the facets are counted"),
    "cursor": _("where the list goes on: the cursor of the page before"),
    "limit": _("items of a page"),
    "since": _("changes from this moment on"),
    "set": _("of one set only, such as library:CODE, language:vie, audience:b, open"),
    "uid": _("the number of the record, such as LT-0000001"),
    "work": _("the number of the work, as its records give it"),
    "code": _("the library's code"),
    "format": _("the format of the file"),
    "encoding": _("the encoding of the file; MARCXML has utf-8 only"),
    "local": _("with an 852 for each library that has it, and the local fields of the key owner's own records"),
}
