"""The Django project. Embedded defaults: SQLite under ``LIENTHONG_HOME``; PostgreSQL by ``LIENTHONG_DATABASE_URL``."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from hub.accounts.post import post
from hub.home import home
from schemas.problem import Trouble

HERE = Path(__file__).resolve().parent


def database() -> dict[str, object]:
    """The database of ``LIENTHONG_DATABASE_URL`` (``postgresql://user:password@host:port/name``), or SQLite.

    Any other address is a :class:`Trouble` ``database_url``, which tells no more of it than its scheme.
    """
    url = os.environ.get("LIENTHONG_DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home() / "lienthong.sqlite3",
            "OPTIONS": {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-131072;"
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA wal_autocheckpoint=20000;",
            },
        }
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError:
        raise Trouble("database_url", start=f"{parts.scheme}://") from None
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.lstrip("/"):
        raise Trouble("database_url", start=f"{parts.scheme}://" if parts.scheme else url[:4])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
    }


def secret() -> str:
    """The signing key: ``LIENTHONG_SECRET_KEY``, or one made once and kept in the data folder (mode 0600)."""
    if key := os.environ.get("LIENTHONG_SECRET_KEY"):
        return key
    path = home() / "secret_key"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(os.urandom(32).hex())
    except FileExistsError:
        pass
    return path.read_text()


def time_zone() -> str:
    """The hub's time zone: ``LIENTHONG_TIME_ZONE``."""
    name = os.environ.get("LIENTHONG_TIME_ZONE", "Asia/Ho_Chi_Minh")
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise Trouble("time_zone_unknown", name=name) from None
    return name


def trusted_proxies() -> tuple[IPv4Network | IPv6Network, ...]:
    """Whose ``X-Forwarded-For`` is believed: the addresses and networks of ``LIENTHONG_TRUSTED_PROXIES``."""
    names = [name.strip() for name in os.environ.get("LIENTHONG_TRUSTED_PROXIES", "").split(",") if name.strip()]
    try:
        return tuple(ip_network(name) for name in names)
    except ValueError as error:
        raise Trouble("proxies_wrong", detail=error) from None


SECRET_KEY = secret()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LIENTHONG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = os.environ.get("LIENTHONG_BASE_URL", "http://127.0.0.1:8000")
ADMIN_EMAIL = os.environ.get("LIENTHONG_ADMIN_EMAIL", "admin@lienthong.example")
OAI_NAMESPACE = os.environ.get("LIENTHONG_OAI_NAMESPACE", "lienthong.example")  # never change it: identifiers hold it
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "hub.accounts",
    "hub.network",
    "hub.catalog",
    "hub.custody",
    "hub.provide",
    "hub.operations",
    "hub.partners",
    "hub.review",
    "hub.registry",
    "hub.lending",
    "hub.rotation",
    "hub.deposit",
    "hub.reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hub.web.security.content_policy",
    "hub.web.security.keep_direction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hub.web.language.choose_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hub.accounts.middleware.identify",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "hub.web.urls"
WSGI_APPLICATION = "hub.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
            "builtins": ["hub.web.show", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
DATABASES = {"default": database()}
AUTH_USER_MODEL = "accounts.User"
PASSWORD_RESET_TIMEOUT = 2 * 3600
SESSION_ENGINE = "hub.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if HTTPS else ("session", "csrf")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    CSRF_TRUSTED_ORIGINS = [f"https://{urlsplit(BASE_URL).netloc}"]
TRUSTED_PROXIES = trusted_proxies()
globals().update(post(home() / "mail"))
PASSWORD_HASHERS = ["hub.accounts.passwords.Argon2"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
NUMBER_GROUPING = 3
USE_TZ = True
TIME_ZONE = time_zone()
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_HANDLERS = ["hub.web.uploads.CappedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "hub.accounts.logs.Masked"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["masked"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
