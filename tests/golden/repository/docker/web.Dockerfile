# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The files that pin the packages, and no others: what follows is installed again only when one of them changes.
FROM python:3.12-slim-bookworm AS manifests
WORKDIR /context
RUN --mount=type=bind,target=/context \
    mkdir /manifests \
    && find . -type f \( -name 'pyproject.toml' -o -name 'pdm.lock' -o -name 'pdm.toml' \) -exec cp --parents --target-directory=/manifests '{}' +

# Builds the front end. What it writes goes on with the sources; Node.js and its packages stay here.
FROM node:22-bookworm-slim AS front-end-manifests
WORKDIR /context
RUN --mount=type=bind,target=/context \
    mkdir /manifests \
    && find . -name node_modules -prune -o -type f \( -name 'package.json' -o -name 'package-lock.json' -o -name 'npm-shrinkwrap.json' -o -name 'pnpm-lock.yaml' -o -name 'pnpm-workspace.yaml' -o -name 'yarn.lock' -o -name '.npmrc' -o -name '.yarnrc.yml' -o -name '*.patch' \) -exec cp --parents --target-directory=/manifests '{}' +

FROM node:22-bookworm-slim AS front-end
ENV COREPACK_ENABLE_DOWNLOAD_PROMPT="0" \
    NPM_CONFIG_CACHE="/var/cache/node" \
    NPM_CONFIG_STORE_DIR="/var/cache/node" \
    YARN_CACHE_FOLDER="/var/cache/node"
WORKDIR /app
COPY --from=front-end-manifests /manifests ./
WORKDIR /app/ui
RUN --mount=type=cache,target=/var/cache/node ["npm", "ci"]
COPY . /app
RUN ["npm", "run", "build"]
RUN find /app -name node_modules -prune -exec rm -rf {} +

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
        git \
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
    && uvx --from 'pdm[locked]==2.29.4' pdm export --prod --format requirements --group live > /opt/requirements.txt \
    && sed --regexp-extended '/^\s*((-e|--editable)[ =]?\s*)?(\.|file:|[A-Za-z0-9_][A-Za-z0-9_.-]*\/)/d;/^\s*[A-Za-z0-9][A-Za-z0-9_.-]*(\[[^]]*\])?\s*@\s*(\.|file:)/d' /opt/requirements.txt > /opt/packages.txt \
    && uv pip install --python /opt/venv --requirements /opt/packages.txt

COPY --from=front-end /app ./
# Projects within the context are installed too, by uv and by -e as a pointer to their sources. A version that would be
# taken from git is 0, as the history stays out of the build. uv notes when it installed them; without the note the layer
# with the packages stays the same when only sources change, and need not be sent again.
RUN --mount=type=cache,target=/var/cache/uv \
    export SETUPTOOLS_SCM_PRETEND_VERSION=0 PDM_BUILD_SCM_VERSION=0 \
    && uvx --from 'pdm[locked]==2.29.4' pdm sync --prod --group live \
    && find /opt/venv -name uv_cache.json -delete \
    && find /opt/venv -path '*.dist-info/RECORD' -exec sed -i '/uv_cache\.json,/d' {} +

# The server comes from the application's own packages; without it, or with one that is too old, the build ends here.
RUN ["/opt/venv/bin/python", "-c", "import importlib.metadata, importlib.util, re, sys; importlib.util.find_spec('uvicorn') or sys.exit('uvicorn is needed to serve the application and is not among the packages of the image: run: pdm add uvicorn, or name the extra or group that has it in build.extras or build.groups'); found = importlib.metadata.version('uvicorn'); tuple(map(int, re.findall('[0-9]+', found)[:2])) >= (0, 31) or sys.exit('uvicorn 0.31 or newer is needed to serve the application, and this is ' + found)"]

# Of containers.*.build.steps.
ENV PYTHONPATH="/app:/app/src"
WORKDIR /app
RUN ["python", "-m", "compileall", "-q", "catalogue"]
WORKDIR /app

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
# The server's options that are variables: a platform adds whose X-Forwarded headers count, older versions pass others over.
ENV FORWARDED_ALLOW_IPS="127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22"

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# Of containers.*.writable: they begin with what the build has put there.
RUN ["mkdir", "--parents", "/app/data", "/var/lib/catalogue"]
RUN ["chown", "--recursive", "10001:10001", "/app/data", "/var/lib/catalogue"]

# A volume that is mounted here takes over the permissions of the folder: without this, Fargate gives /tmp to root alone.
VOLUME ["/tmp", "/app/data", "/var/lib/catalogue"]

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=5); connection.request('GET', '/healthz'); sys.exit(connection.getresponse().status != 200)"]
CMD ["uvicorn", "catalogue.web:app", "--host", "0.0.0.0", "--port", "8000", "--proxy-headers", "--no-server-header", "--timeout-keep-alive", "620", "--timeout-graceful-shutdown", "8"]
