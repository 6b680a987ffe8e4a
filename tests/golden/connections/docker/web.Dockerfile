# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Only the files that pin packages. Packages are installed again only when one of them changes.
FROM python:3.12-slim-bookworm AS manifests
WORKDIR /context
RUN --mount=type=bind,target=/context \
    mkdir /manifests \
    && find . -type f \( -name '*.txt' -o -name '*.in' -o -name '*requirements*' -o -name '*constraints*' -o -name 'pyproject.toml' -o -name 'uv.toml' \) -exec cp --parents --target-directory=/manifests '{}' +
# Lines with local paths (-e ., ./libs/common) are left out here and installed with the sources below.
RUN find /manifests -type f ! -name '*.toml' -exec sed --in-place --regexp-extended '/^\s*((-e|--editable)[ =]?\s*)?(\.|file:|[A-Za-z0-9_][A-Za-z0-9_.-]*\/)/d;/^\s*[A-Za-z0-9][A-Za-z0-9_.-]*(\[[^]]*\])?\s*@\s*(\.|file:)/d' {} +

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
# uv checks the hashes that a requirements file has.
RUN --mount=type=cache,target=/var/cache/uv \
    uv venv /opt/venv \
    && uv pip install --python /opt/venv --requirements requirements.txt

COPY . .
# Installs the projects in the context. Editable ones point to their sources. A version that comes from git becomes 0:
# the history is not part of the build. uv records the time of the installation. That record is deleted, so that the
# layer of the packages stays the same when only sources change.
RUN --mount=type=cache,target=/var/cache/uv \
    export SETUPTOOLS_SCM_PRETEND_VERSION=0 PDM_BUILD_SCM_VERSION=0 \
    && uv pip install --python /opt/venv --requirements requirements.txt \
    && find /opt/venv -name uv_cache.json -delete \
    && find /opt/venv -path '*.dist-info/RECORD' -exec sed -i '/uv_cache\.json,/d' {} +

# The server is one of the application's packages. The build fails if it is missing or too old.
RUN ["/opt/venv/bin/python", "-c", "import importlib.metadata, importlib.util, re, sys; importlib.util.find_spec('uvicorn') or sys.exit('uvicorn is needed to serve the application and is not among the packages of the image: add uvicorn to requirements.txt'); found = importlib.metadata.version('uvicorn'); tuple(map(int, re.findall('[0-9]+', found)[:2])) >= (0, 31) or sys.exit('uvicorn 0.31 or newer is needed to serve the application, and this is ' + found)"]

# Compiled here: the root file system of a running container is read-only. Files with a syntax error, such as templates,
# are skipped.
RUN python -m compileall -q . || true; chmod -R a+rX .

# The final image: Python, the packages and the sources.
FROM python:3.12-slim-bookworm

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

# Puts passwords into URLs and becomes the command. The platform hands each password over as a variable of its own, so
# that none stands in a URL that others can read.
RUN printf '%s\n' \
  '"""Completes the URLs that the variable INCOMPLETE_URLS names, then becomes the command in its arguments.' \
  '' \
  'postgresql://app:{ORDERS_DB_PASSWORD}@10.0.0.5:5432/orders_db gets the value of that variable, quoted for a URL.' \
  '"""' \
  '' \
  'import os' \
  'import re' \
  'import sys' \
  'import urllib.parse' \
  '' \
  '' \
  'def quoted(place):' \
  '    return urllib.parse.quote(os.fsencode(os.environ[place[1]]), safe="")' \
  '' \
  '' \
  'def complete(url):' \
  '    return re.sub(r"[{]([A-Z0-9_]+)[}]", quoted, url)' \
  '' \
  '' \
  'if not sys.argv[1:]:' \
  '    sys.exit("start.py: there is no command to run")' \
  'for name in os.environ.pop("INCOMPLETE_URLS", "").split():' \
  '    try:' \
  '        os.environ[name] = complete(os.environ[name])' \
  '    except KeyError as missing:' \
  '        sys.exit(f"start.py: {name} cannot be completed: there is no variable {missing}")' \
  'try:' \
  '    os.execvp(sys.argv[1], sys.argv[1:])' \
  'except OSError as error:' \
  '    print(f"start.py: cannot run {sys.argv[1]}: {error.strerror}", file=sys.stderr)' \
  '    sys.exit(127 if isinstance(error, FileNotFoundError) else 126)' \
  >/usr/local/bin/start.py

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# A volume that is mounted here gets these permissions. Without this line, only root can write to /tmp on Fargate.
VOLUME ["/tmp"]

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=5); connection.request('GET', '/healthz', headers={'Host': 'links.example.com'}); sys.exit(connection.getresponse().status not in (200, 302,))"]
ENTRYPOINT ["/usr/local/bin/python3", "-I", "/usr/local/bin/start.py"]
CMD ["uvicorn", "desk.main:app", "--host", "0.0.0.0", "--port", "8000", "--proxy-headers", "--no-server-header", "--timeout-keep-alive", "620", "--timeout-graceful-shutdown", "8"]
