"""What is done for deposits without anybody asking: a round of the worker."""

from __future__ import annotations

from django.utils import timezone

from hub.deposit import arriving, fetching, judging, keeping, letters, listing, parcels, watched
from hub.stages import soon


def do() -> dict[str, int]:
    """One round of everything; how much of each was done."""
    now = timezone.now()
    done = {"taken": watched.take(now), "fetched": fetching.fetch(now), "judged": judging.judge_due(now)}
    done["listed"] = listing.follow(now)
    if done["listed"]:
        soon.unite()
    done |= {"sent": parcels.send_due(now)[0]}
    done |= {
        "checked": keeping.check_due(now).files,
        "dropped": arriving.forget(now),
        "letters": letters.send_daily(now),
    }
    return done
