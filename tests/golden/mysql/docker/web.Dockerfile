# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Only the files that pin packages. Packages are installed again only when one of them changes.
FROM python:3.12-slim-bookworm AS manifests
WORKDIR /context
RUN --mount=type=bind,target=/context \
    mkdir /manifests \
    && find . -type f \( -name 'pyproject.toml' -o -name 'poetry.lock' -o -name 'poetry.toml' \) -exec cp --parents --target-directory=/manifests '{}' +

# Installs the packages. The build tools are not part of the final image.
FROM python:3.12-slim-bookworm AS build

COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/

# For packages without a wheel, and containers.*.build.build_packages. Not pinned: Debian keeps only the newest version.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        gcc \
        g++ \
        libc6-dev \
        pkg-config \
        libmariadb-dev \
        libmariadb3 \
    && rm -rf /var/lib/apt/lists/*

ENV PATH="/opt/venv/bin:$PATH" \
    VIRTUAL_ENV="/opt/venv" \
    UV_PROJECT_ENVIRONMENT="/opt/venv" \
    UV_PYTHON="/usr/local/bin/python3" \
    UV_PYTHON_DOWNLOADS="never" \
    UV_COMPILE_BYTECODE="1" \
    UV_LINK_MODE="copy" \
    UV_CACHE_DIR="/var/cache/uv"

WORKDIR /app

# Packages before sources: this layer is rebuilt only when the lock changes.
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/var/cache/uv --mount=type=cache,target=/var/cache/pypoetry \
    uv venv /opt/venv \
    && POETRY_CACHE_DIR=/var/cache/pypoetry uvx poetry@2.5.1 install --only main --no-root --no-directory --no-interaction --compile

COPY . .
# Installs the projects in the context. Editable ones point to their sources. A version that comes from git becomes 0:
# the history is not part of the build. uv records the time of the installation. That record is deleted, so that the
# layer of the packages stays the same when only sources change.
RUN --mount=type=cache,target=/var/cache/uv --mount=type=cache,target=/var/cache/pypoetry \
    export SETUPTOOLS_SCM_PRETEND_VERSION=0 PDM_BUILD_SCM_VERSION=0 \
    && POETRY_CACHE_DIR=/var/cache/pypoetry uvx poetry@2.5.1 install --only main --no-root --no-interaction \
    && { uv pip install --python /opt/venv --no-deps --editable . || echo 'The project is no package: its modules are found all the same.'; } \
    && find /opt/venv -name uv_cache.json -delete \
    && find /opt/venv -path '*.dist-info/RECORD' -exec sed -i '/uv_cache\.json,/d' {} +

# The server is one of the application's packages. The build fails if it is missing or too old.
RUN ["/opt/venv/bin/python", "-c", "import importlib.metadata, importlib.util, re, sys; importlib.util.find_spec('uvicorn') or sys.exit('uvicorn is needed to serve the application and is not among the packages of the image: run: poetry add uvicorn, or name the extra or group that has it in build.extras or build.groups'); found = importlib.metadata.version('uvicorn'); tuple(map(int, re.findall('[0-9]+', found)[:2])) >= (0, 31) or sys.exit('uvicorn 0.31 or newer is needed to serve the application, and this is ' + found)"]

# Compiled here: the root file system of a running container is read-only. Files with a syntax error, such as templates,
# are skipped.
RUN python -m compileall -q . || true; chmod -R a+rX .

# The final image: Python, the packages and the sources.
FROM python:3.12-slim-bookworm

# From containers.*.build.packages. Not pinned: Debian keeps only the newest version.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libmariadb3 \
    && rm -rf /var/lib/apt/lists/*

# Some libraries look up the name of the current user.
RUN groupadd --non-unique --gid 10001 app \
    && useradd --non-unique --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin app

# Output is not buffered, and Python writes no bytecode next to the sources.
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONPATH="/app:/app/src" \
    PYTHONUNBUFFERED="1" \
    PYTHONDONTWRITEBYTECODE="1" \
    HOME="/tmp"
ENV PORT=8000
# Options of the server, as variables. Whose X-Forwarded headers count: a platform adds its load balancer. Older servers
# ignore what is unknown.
ENV FORWARDED_ALLOW_IPS="127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22"

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# A volume that is mounted here gets these permissions. Without this line, only root can write to /tmp on Fargate.
VOLUME ["/tmp"]

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=5); connection.request('GET', '/up'); sys.exit(connection.getresponse().status != 200)"]
CMD ["uvicorn", "wiki.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--proxy-headers", "--no-server-header", "--timeout-keep-alive", "620", "--timeout-graceful-shutdown", "8"]
