"""What the worker does for deposits without anybody asking, again and again."""

from __future__ import annotations

from django.utils import timezone

from hub.deposit import arriving, fetching, judging, keeping, letters, listing, parcels, watched
from hub.stages import soon


def everything() -> dict[str, int]:
    """One round of everything; how much of each was done."""
    now = timezone.now()
    done = {"taken": watched.take(now), "fetched": fetching.fetch(now)}
    done |= judge()
    watched.answer()
    done |= {"sent": parcels.send_due(now)[0], "checked": keeping.check_due(now).files}
    return done | {"dropped": arriving.forget(now), "letters": letters.send_daily(now)}


def judge() -> dict[str, int]:
    """What somebody waits for at a page: files that have come, records that have changed."""
    now = timezone.now()
    done = {"judged": judging.judge_due(now), "listed": listing.follow(now)}
    if done["listed"]:
        soon.unite()
    return done
