"""How repositories behave for ever: the manners of one that keeps to the protocol, and thirty-three ways not to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Manners:
    """How a repository answers. As made here it keeps to the protocol.

    ``seconds`` says whether datestamps have times, ``takes_seconds`` whether from and until may have them. ``size`` is
    how many times the true completeListSize is announced (``None``: not at all). ``keeps`` is how long tombstones are
    shown (``None``: for ever). ``bare`` is every so manieth live record that lists give without metadata; ``hidden``
    every so manieth one that ListIdentifiers leaves out (0: none).
    """

    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    seconds: bool = True
    takes_seconds: bool = True
    earliest: str = ""
    size: float | None = 1
    deletions: str = "persistent"
    keeps: timedelta | None = None
    from_exclusive: bool = False
    until_exclusive: bool = False
    lag: timedelta = timedelta()
    token: str = "{}"
    offset: bool = False
    older_last: bool = False
    bare: int = 0
    tombstone_metadata: bool = False
    prefix: str = ""
    namespace: bool = True
    dates: str = "%Y-%m-%dT%H:%M:%SZ"
    zone: timedelta = timedelta()
    bom: bool = False
    moved: bool = False
    hidden: int = 0
    identifier: str = "oai:{name}:{number}"


@dataclass(frozen=True, slots=True)
class Quirk:
    """A lasting behavior: the rule it is met by, how it differs from good manners, what the source asks for."""

    name: str
    rule: str
    manners: Mapping[str, Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    increments: bool = True  # whether increments alone keep up with it

    def on(self, manners: Manners) -> Manners:
        """These manners with the quirk."""
        return replace(manners, **self.manners)


NONE_KEPT = timedelta()
QUIRKS = {
    quirk.name: quirk
    for quirk in (
        Quirk("token_characters", "P6", {"token": "a+b/c=d|e&f%20g h;{}"}),
        Quirk("lower_case_granularity", "P11", {"granularity": "yyyy-mm-ddthh:mm:ssz"}),
        Quirk("granularity_lie", "P11", {"takes_seconds": False}),
        Quirk("days", "P11", {"granularity": "YYYY-MM-DD", "seconds": False, "takes_seconds": False}),
        Quirk("days_lie", "P11", {"granularity": "YYYY-MM-DD", "takes_seconds": False}),
        Quirk("earliest_too_late", "P11", {"earliest": "2025-02-28T00:00:00Z"}),
        Quirk("earliest_nonsense", "P11", {"earliest": "0000-00-00T00:00:00Z"}),
        Quirk("no_size", "P4", {"size": None}),
        Quirk("size_too_high", "P4", {"size": 2}),
        Quirk("size_a_little_too_high", "P4", {"size": 1.05}),
        Quirk("size_zero", "P4", {"size": 0}),
        Quirk("no_deletions", "D1", {"deletions": "no", "keeps": NONE_KEPT}, increments=False),
        Quirk("transient_deletions", "D1", {"deletions": "transient", "keeps": timedelta(minutes=1)}, increments=False),
        Quirk("persistent_lie", "D1", {"keeps": NONE_KEPT}, increments=False),
        Quirk("until_exclusive", "I3", {"until_exclusive": True}),
        Quirk("from_exclusive", "I3", {"from_exclusive": True}),
        Quirk("index_lag", "I2", {"lag": timedelta(minutes=3)}),
        Quirk("index_lag_beyond_overlap", "I2", {"lag": timedelta(hours=2)}, increments=False),
        Quirk("offset_tokens", "P7", {"offset": True}, increments=False),
        Quirk("older_last", "P8", {"older_last": True}),
        Quirk("no_metadata_in_lists", "P12", {"bare": 7}),
        Quirk("tombstone_with_metadata", "P12", {"tombstone_metadata": True}),
        Quirk("other_prefix", "1.2", {"prefix": "oai:"}),
        Quirk("no_namespace", "1.2", {"namespace": False}),
        Quirk("same_identifiers", "P10", {"identifier": "oai:library:{number}"}),
        Quirk("leaves_the_set", "I6", {}, {"set": "sach"}, increments=False),
        Quirk("date_with_offset", "I3", {"dates": "%Y-%m-%dT%H:%M:%S+07:00", "zone": timedelta(hours=7)}),
        Quirk("date_with_fraction", "I3", {"dates": "%Y-%m-%dT%H:%M:%S.%fZ"}),
        Quirk("local_time_as_utc", "I3", {"zone": timedelta(hours=7)}, increments=False),
        Quirk("bom", "C10", {"bom": True}),
        Quirk("moved_for_good", "T9", {"moved": True}),
        Quirk("short_list_of_identifiers", "D2", {"hidden": 20, "size": None}),
        Quirk("spaces_in_identifiers", "P10", {"identifier": "oai:thư viện {name}:sách số {number} & «phụ»"}),
    )
}
