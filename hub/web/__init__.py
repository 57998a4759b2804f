"""The Django project: settings, addresses, base templates, languages."""
