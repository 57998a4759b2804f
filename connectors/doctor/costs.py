"""What each finding costs a harvest: read it aloud from the most to the least costly. A letter has this order."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is, the worst first."""

    BLOCKS = "blocks"  # no harvest
    LOSES = "loses"  # a harvest, but something is lost, stale or must not be there
    NOTE = "note"  # worth knowing
    GOOD = "good"


BLOCKS = (
    "private_address",  # not asked at all
    "unusual_port",  # not asked either
    "unreachable",  # no answer at all
    "tls",
    "address_wrong",  # 404
    "forbidden",  # 401, 403
    "failing",  # 5xx
    "busy",  # come back later
    "cut",  # an answer that ends too early, or is packed wrongly
    "not_oai",
    "doctype",
    "identify_broken",
    "identify_error",
    "version",
    "no_formats",
    "no_readable_format",
    "list_fails",
    "list_empty",
)
LOSES = (
    "personal_data",  # nothing weighs more than what must not be sent
    "token_refused",
    "token_circle",
    "token_lost",
    "list_ends_early",
    "page_cut",
    "page_broken",
    "records_unreadable",
    "records_without_metadata",
    "records_without_identifier",
    "identifiers_twice",
    "from_ignored",
    "until_ignored",
    "window_misses",
    "from_exclusive",
    "until_exclusive",
    "seconds_refused",
    "earliest_late",
    "future_records",
    "response_date",
    "clock_ahead",
    "token_bogus_accepted",
    "token_not_repeatable",
    "deletions_no",
    "deletions_transient",
    "deletions_unknown",
    "deleted_gone",
    "identifiers_differ",
    "get_fails",
    "get_differs",
    "gzip_cut",
    "mojibake",
    "legacy_encoding",
    "other_bytes",
    "lost_letters",
    "only_dublin_core",
    "no_holdings",
    "no_title",
    "marc_title",
    "marc_leader",
    "marc_008",
)
NOTE = (
    "flaky",
    "slow",
    "pages_empty",
    "page_small",
    "page_large",
    "size_missing",
    "size_wrong",
    "cursor_wrong",
    "token_expires_soon",
    "token_long",
    "granularity_unknown",
    "granularity_case",
    "datestamps_differ",
    "earliest_illegal",
    "earliest_odd",
    "days_refused",
    "deletions_shown_all_the_same",
    "deleted_with_metadata",
    "declared_encoding",
    "charset",
    "content_type",
    "namespace",
    "byte_order_mark",
    "printed_around",
    "set_broken",
    "no_dublin_core",
    "errors_wrong",
    "error_status",
    "no_post",
    "clock_behind",
    "base_url",
    "moved",
    "plain_http",
    "admin_email",
    "repository_name",
    "identify_incomplete",
    "marc_numbers",
    "marc_tags",
    "marc_indicators",
    "marc_repeated",
    "thin",
    "no_gzip",
    "not_examined",
)
GOOD = (
    "identify_good",
    "format_good",
    "sets_good",
    "no_sets",
    "list_good",
    "token_good",
    "characters_good",
    "dates_good",
    "days_good",
    "deletions_good",
    "deleted_good",
    "same_lists_good",
    "get_good",
    "errors_good",
    "post_good",
    "gzip_good",
    "xml_good",
    "clock_good",
    "speed_good",
    "records_good",
    "text_good",
    "marc_good",
    "complete_good",
    "no_personal_data",
)
COSTS: dict[str, Severity] = {
    code: severity
    for severity, codes in (
        (Severity.BLOCKS, BLOCKS),
        (Severity.LOSES, LOSES),
        (Severity.NOTE, NOTE),
        (Severity.GOOD, GOOD),
    )
    for code in codes
}
