# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# Only the files that pin packages. Packages are installed again only when one of them changes.
FROM python:3.12-slim-bookworm AS manifests
WORKDIR /context
RUN --mount=type=bind,target=/context \
    mkdir /manifests \
    && find . -type f \( -name 'Pipfile' -o -name 'Pipfile.lock' \) -exec cp --parents --target-directory=/manifests '{}' +

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
# Lines with local paths are left out here and installed with the sources below.
RUN --mount=type=cache,target=/var/cache/uv \
    uv venv /opt/venv \
    && uvx pipenv@2026.10.3 requirements --hash > /opt/requirements.txt \
    && sed --regexp-extended '/^\s*((-e|--editable)[ =]?\s*)?(\.|file:|[A-Za-z0-9_][A-Za-z0-9_.-]*\/)/d;/^\s*[A-Za-z0-9][A-Za-z0-9_.-]*(\[[^]]*\])?\s*@\s*(\.|file:)/d' /opt/requirements.txt > /opt/packages.txt \
    && uv pip install --python /opt/venv --requirements /opt/packages.txt

COPY . .
# Installs the projects in the context. Editable ones point to their sources. A version that comes from git becomes 0:
# the history is not part of the build. uv records the time of the installation. That record is deleted, so that the
# layer of the packages stays the same when only sources change.
RUN --mount=type=cache,target=/var/cache/uv \
    export SETUPTOOLS_SCM_PRETEND_VERSION=0 PDM_BUILD_SCM_VERSION=0 \
    && uv pip install --python /opt/venv --requirements /opt/requirements.txt \
    && find /opt/venv -name uv_cache.json -delete \
    && find /opt/venv -path '*.dist-info/RECORD' -exec sed -i '/uv_cache\.json,/d' {} +

# The server is one of the application's packages. The build fails if it is missing or too old.
RUN ["/opt/venv/bin/python", "-c", "import importlib.metadata, importlib.util, re, sys; importlib.util.find_spec('gunicorn') or sys.exit('gunicorn is needed to serve the application and is not among the packages of the image: run: pipenv install gunicorn, or name the category that has it in build.groups'); found = importlib.metadata.version('gunicorn'); tuple(map(int, re.findall('[0-9]+', found)[:2])) >= (19, 9) or sys.exit('gunicorn 19.9 or newer is needed to serve the application, and this is ' + found)"]

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

# Gives the application the client's address, as gunicorn alone does not: a load balancer adds the address that it sees to
# X-Forwarded-For, and Google's adds its own after it.
RUN mkdir --parents /usr/local/lib/wsgi \
    && printf '%s\n' \
  '"""Tells a WSGI application whose request it is: who stands last in X-Forwarded-For and is no proxy.' \
  '' \
  'What stands before, the client may have written. FORWARDED_ALLOW_IPS names the proxies: addresses, networks, or *.' \
  '"""' \
  '' \
  'import ipaddress' \
  'import os' \
  '' \
  'from gunicorn.util import import_app' \
  '' \
  '' \
  'def networks(text):' \
  '    for each in text.replace("*", "0.0.0.0/0,::/0").split(","):' \
  '        try:' \
  '            yield ipaddress.ip_network(each.strip(), strict=False)' \
  '        except ValueError:' \
  '            pass' \
  '' \
  '' \
  'PROXIES = list(networks(os.environ.get("FORWARDED_ALLOW_IPS", "")))' \
  '' \
  '' \
  'def is_proxy(address):' \
  '    try:' \
  '        found = ipaddress.ip_address(address)' \
  '    except ValueError:' \
  '        return False' \
  '    return any(found in network for network in PROXIES)' \
  '' \
  '' \
  'def application(name):' \
  '    wrapped = import_app(name)' \
  '' \
  '    def behind_balancer(environ, start_response):' \
  '        hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]' \
  '        if hops[-1] and is_proxy(environ.get("REMOTE_ADDR", "")):' \
  '            while len(hops) > 1 and is_proxy(hops[-1]):' \
  '                hops.pop()' \
  '            # As behind a single proxy, so that middleware which counts them counts one on every cloud.' \
  '            environ["HTTP_X_FORWARDED_FOR"] = ", ".join(hops)' \
  '            environ["REMOTE_ADDR"] = hops[-1]' \
  '        return wrapped(environ, start_response)' \
  '' \
  '    return behind_balancer' \
  >/usr/local/lib/wsgi/behind_balancer.py

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# A volume that is mounted here gets these permissions. Without this line, only root can write to /tmp on Fargate.
VOLUME ["/tmp"]

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client, sys; connection = http.client.HTTPConnection('127.0.0.1', 8000, timeout=5); connection.request('GET', '/healthz'); sys.exit(connection.getresponse().status != 200)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "1", "--threads", "8", "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--forwarded-allow-ips", "*", "--pythonpath", "/usr/local/lib/wsgi", "--access-logfile", "-", "--keep-alive", "620", "--graceful-timeout", "8", "behind_balancer:application('portal.site:create_app()')"]
