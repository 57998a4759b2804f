"""Sessions in the database: whose they are is known, so that they can be ended by the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from hub.accounts.models import Session, User

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED = 60  # seconds between two notes of "seen"
USER, PROOF, ERA, SINCE, SEEN, BROWSER = "user", "proof", "era", "since", "seen", "browser"


def moment() -> float:
    """The time, in seconds."""
    return timezone.now().timestamp()


class SessionStore(DatabaseStore):
    """The database store, with the user of the session in a column."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of a session."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        row.user_id = data.get(USER)
        row.browser = str(data.get(BROWSER, ""))[:200]
        row.started_at = datetime.fromtimestamp(data[SINCE], UTC) if SINCE in data else None
        return row


def fill(session: Any, user: User, browser: str = "") -> None:
    """Make a session the user's: what it knew before is gone."""
    now = moment()
    session.clear()
    session.update(
        {
            USER: user.pk,
            PROOF: user.get_session_auth_hash(),
            ERA: user.era,
            SINCE: now,
            SEEN: now,
            BROWSER: browser,
        }
    )


def begin(request: HttpRequest, user: User) -> None:
    """Sign a user in: a session with a new number, and a new CSRF secret."""
    from django.middleware.csrf import rotate_token

    request.session.flush()
    fill(request.session, user, request.headers.get("User-Agent", ""))
    rotate_token(request)
    request.user = user


def open_for(user: User) -> str:
    """The number of a new session of the user, outside a request."""
    store = SessionStore()
    fill(store, user)
    store.create()
    return str(store.session_key)


def user_of(session: Any) -> User | None:
    """Whose session it is, while it holds: not idle, not too old, the password the same, the account open."""
    number = session.get(USER)
    if number is None:
        return None
    now = moment()
    idle, old = (
        now - session.get(SEEN, 0) > IDLE.total_seconds(),
        now - session.get(SINCE, 0) > ABSOLUTE.total_seconds(),
    )
    user = None if idle or old else User.objects.filter(pk=number, is_active=True).first()
    if user is None or not constant_time_compare(session.get(PROOF, ""), user.get_session_auth_hash()):
        session.flush()
        return None
    if session.get(ERA) != user.era:
        session[ERA] = user.era
        session.cycle_key()
    if now - session[SEEN] > NOTED:
        session[SEEN] = now
    return user


def end_all(user: User, but: str = "") -> int:
    """End the user's sessions, except one; how many."""
    return Session.objects.filter(user=user).exclude(session_key=but).delete()[0]


def cookie() -> str:
    """The name of the session's cookie."""
    return str(settings.SESSION_COOKIE_NAME)
