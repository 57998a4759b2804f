"""What a finding is called in a letter: what was found, what it costs a harvest, how to mend it.

code → language → (what, what it costs, how to mend it); what is good needs the first alone. ``{problem}`` is the reason
in the words of the layer that gave it. Settings are those of Koha (system preferences, Web services), DSpace
(``dspace oai``) and VuFind where a remedy is known; other software has its maker.
"""

from __future__ import annotations

from connectors.doctor.words import blocks, dates, good, lists, manners, records

WORDS: dict[str, dict[str, tuple[str, ...]]] = (
    blocks.WORDS | lists.WORDS | dates.WORDS | records.WORDS | manners.WORDS | good.WORDS
)
