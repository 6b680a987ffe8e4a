# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The first stage installs the packages; nothing of its tools reaches the image that runs.
FROM python:3.12-slim-bookworm AS build

COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/

ENV PATH="/opt/venv/bin:$PATH" \
    VIRTUAL_ENV="/opt/venv" \
    UV_PROJECT_ENVIRONMENT="/opt/venv" \
    UV_PYTHON="/usr/local/bin/python3" \
    UV_PYTHON_DOWNLOADS="never" \
    UV_COMPILE_BYTECODE="1" \
    UV_LINK_MODE="copy" \
    UV_CACHE_DIR="/var/cache/uv"

WORKDIR /app

# Packages before sources: this layer is built again only when the lock changes.
# Where requirements.txt has hashes, uv checks them.
COPY requirements*.txt ./
RUN --mount=type=cache,target=/var/cache/uv \
    uv venv /opt/venv \
    && uv pip install --python /opt/venv --requirements requirements.txt

# The server comes from the application's own lock; without it the build ends here.
RUN ["/opt/venv/bin/python", "-c", "import importlib.util, sys; sys.exit(None if importlib.util.find_spec('gunicorn') else 'gunicorn is needed to serve the application and is not in its lock: add gunicorn to requirements.txt')"]

COPY . .
# Compiled here, because the root file system of a running container is read-only. A file that is no valid Python
# (a template, say) stays as it is.
RUN python -m compileall -q . || true; chmod -R a+rX .

# The image that runs: Python, the packages and the sources.
FROM python:3.12-slim-bookworm

# Some libraries ask for the name of the user that they run as. The user owns nothing but has /tmp.
RUN groupadd --non-unique --gid 10001 app \
    && useradd --non-unique --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin app

# Output is not held back in a buffer, and nothing is written beside the sources.
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONPATH="/app:/app/src" \
    PYTHONUNBUFFERED="1" \
    PYTHONDONTWRITEBYTECODE="1" \
    HOME="/tmp"
ENV PORT=8000

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# A volume that is mounted here takes over the permissions of the folder: without this, Fargate gives /tmp to root alone.
VOLUME ["/tmp"]

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=11s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=10); connection.request('GET', '/up'); sys.exit(connection.getresponse().status != 200)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "1", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--forwarded-allow-ips", "*", "--access-logfile", "-", "--keep-alive", "620", "--graceful-timeout", "8", "status.wsgi:application"]
