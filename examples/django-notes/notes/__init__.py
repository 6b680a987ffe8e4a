"""The project: settings, routes, and the object that gunicorn serves."""
