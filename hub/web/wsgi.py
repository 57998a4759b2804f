"""The portal as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
application = get_wsgi_application()
assert get_resolver().url_patterns  # the code of all pages is read now, not while the first reader waits
