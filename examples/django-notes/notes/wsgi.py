"""The application: `gunicorn notes.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notes.settings")
application = get_wsgi_application()

# After the line above, which loads the settings and the models.
from notes.migrate import upgrade  # noqa: E402

upgrade()
