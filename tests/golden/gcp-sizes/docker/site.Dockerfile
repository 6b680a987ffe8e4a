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
RUN ["/opt/venv/bin/python", "-c", "import importlib.util, sys; sys.exit(None if importlib.util.find_spec('uvicorn') else 'uvicorn is needed to serve the application and is not in its lock: add uvicorn to requirements.txt')"]

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
ENV PORT=8080

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# A volume that is mounted here takes over the permissions of the folder: without this, Fargate gives /tmp to root alone.
VOLUME ["/tmp"]

USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; connection = http.client.HTTPConnection('127.0.0.1', 8080, timeout=5); connection.request('GET', '/healthz'); sys.exit(connection.getresponse().status != 200)"]
CMD ["uvicorn", "media.main:app", "--host", "0.0.0.0", "--port", "8080", "--proxy-headers", "--forwarded-allow-ips", "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22", "--no-server-header", "--timeout-keep-alive", "620", "--timeout-graceful-shutdown", "8"]
