# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The files that pin the packages, and no others: what follows is installed again only when one of them changes.
FROM python:3.12-slim-bookworm AS manifests
WORKDIR /context
RUN --mount=type=bind,target=/context \
    mkdir /manifests \
    && find . -type f \( -name 'Pipfile' -o -name 'Pipfile.lock' \) -exec cp --parents --target-directory=/manifests '{}' +

# Installs the packages; nothing of its tools reaches the image that runs.
FROM python:3.12-slim-bookworm AS build

COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/

# Compiles what has no wheel. Of these and containers.*.build.build_packages, none is pinned, as Debian keeps only the newest.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        gcc \
        g++ \
        libc6-dev \
        pkg-config \
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

# Packages before sources: this layer is built again only when the lock changes.
COPY --from=manifests /manifests ./
# Lines that name a folder or file of the context wait until the sources are there.
RUN --mount=type=cache,target=/var/cache/uv \
    uv venv /opt/venv \
    && uvx pipenv@2026.10.3 requirements --hash > /opt/requirements.txt \
    && sed --regexp-extended '/^\s*((-e|--editable)[ =]?\s*)?(\.|file:|[A-Za-z0-9_][A-Za-z0-9_.-]*\/)/d;/^\s*[A-Za-z0-9][A-Za-z0-9_.-]*(\[[^]]*\])?\s*@\s*(\.|file:)/d' /opt/requirements.txt > /opt/packages.txt \
    && uv pip install --python /opt/venv --requirements /opt/packages.txt

COPY . .
# Projects within the context are installed too, by uv and by -e as a pointer to their sources. A version that would be
# taken from git is 0, as the history stays out of the build. uv notes when it installed them; without the note the layer
# with the packages stays the same when only sources change, and need not be sent again.
RUN --mount=type=cache,target=/var/cache/uv \
    export SETUPTOOLS_SCM_PRETEND_VERSION=0 PDM_BUILD_SCM_VERSION=0 \
    && uv pip install --python /opt/venv --requirements /opt/requirements.txt \
    && find /opt/venv -name uv_cache.json -delete \
    && find /opt/venv -path '*.dist-info/RECORD' -exec sed -i '/uv_cache\.json,/d' {} +

# The server comes from the application's own packages; without it, or with one that is too old, the build ends here.
RUN ["/opt/venv/bin/python", "-c", "import importlib.metadata, importlib.util, re, sys; importlib.util.find_spec('gunicorn') or sys.exit('gunicorn is needed to serve the application and is not among the packages of the image: run: pipenv install gunicorn, or name the category that has it in build.groups'); found = importlib.metadata.version('gunicorn'); tuple(map(int, re.findall('[0-9]+', found)[:2])) >= (19, 9) or sys.exit('gunicorn 19.9 or newer is needed to serve the application, and this is ' + found)"]

# Compiled here, because the root file system of a running container is read-only. A file that is no valid Python
# (a template, say) stays as it is.
RUN python -m compileall -q . || true; chmod -R a+rX .

# The image that runs: Python, the packages and the sources.
FROM python:3.12-slim-bookworm

# Some libraries ask for the name of the user that they run as.
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
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=5); connection.request('GET', '/healthz'); sys.exit(connection.getresponse().status != 200)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "1", "--threads", "8", "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--forwarded-allow-ips", "*", "--access-logfile", "-", "--keep-alive", "620", "--graceful-timeout", "8", "portal.site:create_app()"]
