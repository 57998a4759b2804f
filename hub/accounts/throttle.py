"""How often somebody may try: counted in the database, so that all processes count together.

The tries of one account, of one browser that its user has signed in with before, and of one network are counted
apart. A stranger who tries an account slows strangers down there; its user's own browser is not held up by them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from hub.accounts.models import Throttle

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` tries an hour without waiting, then longer and longer waits, and never more than ``most`` an hour."""

    free: int = 5
    most: int = 100
    longest: float = 30.0

    def wait(self, tries: list[float], now: float) -> float:
        """How many seconds until the next try is heard."""
        if len(tries) >= self.most:
            return max(tries[-self.most] + HOUR - now, 0.0)
        over = len(tries) - self.free
        return max(tries[-1] + min(2.0**over, self.longest) - now, 0.0) if over >= 0 and tries else 0.0


ACCOUNT = Limit()
NETWORK = Limit(free=20)  # a reading room comes from one address
LETTERS = Limit(free=3, most=5, longest=HOUR)  # letters to one account
ASKING = Limit(free=10, most=30, longest=60)  # letters asked for from one network


def clock() -> float:
    """The time, in seconds."""
    return time.time()


def account_key(email: str, kind: str = "account") -> str:
    """The key of an account, whether it is there or not."""
    return f"{kind}:{sha256(email.encode()).hexdigest()[:40]}"


def take(limits: Mapping[str, Limit], now: float) -> float:
    """Count a try under every key and return 0, or count nothing and return how many seconds to wait."""
    since = now - HOUR
    with transaction.atomic():
        for key in sorted(limits):
            _, fresh = Throttle.objects.get_or_create(key=key, defaults={"at": now})
            if fresh:
                Throttle.objects.filter(at__lt=since).delete()
        rows = list(Throttle.objects.select_for_update().filter(key__in=limits).order_by("key"))
        for row in rows:
            row.tries = [at for at in row.tries if at > since]
        longest = max((limits[row.key].wait(row.tries, now) for row in rows), default=0.0)
        if longest > 0:
            return longest
        for row in rows:
            row.tries, row.at = [*row.tries, now], now
            row.save()
    return 0.0


def tries(key: str, now: float) -> int:
    """How many tries of the last hour are counted under a key."""
    row = Throttle.objects.filter(key=key).first()
    return len([at for at in row.tries if at > now - HOUR]) if row else 0


def forgive(at: float, whole: str, one: str) -> None:
    """A try that was right: all tries of ``whole`` are forgotten, and of ``one`` this try."""
    with transaction.atomic():
        Throttle.objects.filter(key=whole).delete()
        row = Throttle.objects.select_for_update().filter(key=one).first()
        if row is not None and at in row.tries:
            row.tries.remove(at)
            row.save()
