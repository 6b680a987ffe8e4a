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
ENV PORT=8080
# Options of the server, as variables. Whose X-Forwarded headers count: a platform adds its load balancer. Older servers
# ignore what is unknown.
ENV FORWARDED_ALLOW_IPS="127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,35.191.0.0/16,130.211.0.0/22" \
    UVICORN_TIMEOUT_WORKER_HEALTHCHECK="60"

# Turns what clouds send into one CloudEvent for each message, object or run, and posts it to the server that it starts.
# It serves containers.*.trigger and containers.*.schedule.
RUN printf '%s\n' \
  '"""Hands events to the server in its arguments: POST /events, one CloudEvent for each message, object or run by the clock.' \
  '' \
  'Clouds send the same things in different words. This listens on PORT, turns them into one form, and posts each to the' \
  'server, which it starts with a PORT of its own. An answer of 2xx means done. Anything else means failed: the cloud' \
  'delivers it again.' \
  '"""' \
  '' \
  'import base64' \
  'import datetime' \
  'import http.client' \
  'import http.server' \
  'import json' \
  'import os' \
  'import signal' \
  'import socket' \
  'import subprocess' \
  'import sys' \
  'import threading' \
  'import urllib.parse' \
  '' \
  'SERVER = 8081' \
  'SOURCE = os.environ.get("EVENT_SOURCE", "/events")' \
  '' \
  '' \
  'def tell(text):' \
  '    """Write a line to the log."""' \
  '    print(f"events.py: {text}", file=sys.stderr, flush=True)' \
  '' \
  '' \
  'def event(kind, identifier, when, **more):' \
  '    """Return a CloudEvent in the form of JSON: https://cloudevents.io"""' \
  '    return {"specversion": "1.0", "id": identifier, "type": kind, "source": SOURCE, "time": when, **more}' \
  '' \
  '' \
  'def message(identifier, when, body):' \
  '    """Return the event of a message: its text as it was sent, or base64 of bytes that are no text."""' \
  '    try:' \
  '        text = {"datacontenttype": "text/plain", "data": body.decode()}' \
  '    except UnicodeDecodeError:' \
  '        text = {"datacontenttype": "application/octet-stream", "data_base64": base64.b64encode(body).decode()}' \
  '    return event("queue.message", identifier, when, **text)' \
  '' \
  '' \
  'def created(bucket, key, version, size, when):' \
  '    """Return the event of a new object. One that is delivered twice has the same id both times."""' \
  '    data = {"bucket": bucket, "key": key, "size": size}' \
  '    identifier = f"{bucket}/{key}#{version}"' \
  '    return event("bucket.object.created", identifier, when, subject=key, datacontenttype="application/json", data=data)' \
  '' \
  '' \
  'def of_sqs(record):' \
  '    """Read a message as Lambda hands it over."""' \
  '    sent = int(record["attributes"]["SentTimestamp"]) / 1000' \
  '    when = datetime.datetime.fromtimestamp(sent, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")' \
  '    return message(record["messageId"], when, record["body"].encode())' \
  '' \
  '' \
  'def of_s3(record):' \
  '    """Read an object of S3. Keys arrive as in a query: a space is a plus sign there."""' \
  '    held = record["s3"]["object"]' \
  '    key = urllib.parse.unquote_plus(held["key"])' \
  '    version = held.get("versionId") or held.get("sequencer")' \
  '    return created(record["s3"]["bucket"]["name"], key, version, held.get("size"), record["eventTime"])' \
  '' \
  '' \
  'def of_pubsub(sent):' \
  '    """Read a message that Pub/Sub pushes: one of the application, or the news of an object."""' \
  '    attributes, body = sent.get("attributes") or {}, base64.b64decode(sent.get("data") or "")' \
  '    if "objectId" not in attributes:' \
  '        return message(sent["messageId"], sent["publishTime"], body)' \
  '    size = json.loads(body).get("size") if body else None' \
  '    generation, when = attributes["objectGeneration"], attributes.get("eventTime", sent["publishTime"])' \
  '    return created(attributes["bucketId"], attributes["objectId"], generation, size and int(size), when)' \
  '' \
  '' \
  'def deliver(what):' \
  '    """Post an event to the server, and return whether it is done."""' \
  '    identifier = what["id"]' \
  '    connection = http.client.HTTPConnection("127.0.0.1", SERVER)' \
  '    try:' \
  '        connection.request("POST", "/events", json.dumps(what), {"Content-Type": "application/cloudevents+json"})' \
  '        answer = connection.getresponse()' \
  '        answer.read()' \
  '    except (OSError, http.client.HTTPException) as error:' \
  '        tell(f"{identifier}: the server did not answer: {error!r}")' \
  '        return False' \
  '    finally:' \
  '        connection.close()' \
  '    done = 200 <= answer.status < 300' \
  '    if not done:' \
  '        tell(f"{identifier}: the server answered {answer.status}")' \
  '    return done' \
  '' \
  '' \
  'def handle(sent, headers):' \
  '    """Deliver what a cloud sends. Return a status and what to tell the cloud."""' \
  '    records = sent.get("Records") or []' \
  '    if records and records[0].get("eventSource") == "aws:sqs":' \
  '        failed = [record["messageId"] for record in records if not deliver(of_sqs(record))]' \
  '        return 200, {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}' \
  '    if records:' \
  '        events = [of_s3(record) for record in records]' \
  '    elif "message" in sent:' \
  '        events = [of_pubsub(sent["message"])]' \
  '    else:' \
  '        # By the clock, or by hand: it is the event itself. Google tells the time in a header.' \
  '        due = headers.get("X-CloudScheduler-ScheduleTime")' \
  '        events = [{**sent, "id": due, "time": due} if due else sent]' \
  '        if not {"specversion", "id", "type", "source"} <= events[0].keys():' \
  '            raise ValueError("this is no event")' \
  '    return (200 if all([deliver(each) for each in events]) else 500), {}' \
  '' \
  '' \
  'class Events(http.server.BaseHTTPRequestHandler):' \
  '    """Takes events from Lambda or Google Cloud."""' \
  '' \
  '    protocol_version = "HTTP/1.1"' \
  '    # Head and body leave together. Otherwise the second waits 40 ms, until the first is confirmed.' \
  '    wbufsize = -1' \
  '' \
  '    def do_POST(self):' \
  '        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))' \
  '        if urllib.parse.urlsplit(self.path).path != "/events":' \
  '            return self.answer(404, {})' \
  '        try:' \
  '            status, told = handle(json.loads(body), self.headers)' \
  '        except (AttributeError, KeyError, TypeError, ValueError) as error:' \
  '            tell(f"what came is no event: {error!r}")' \
  '            status, told = 400, {}' \
  '        self.answer(status, told)' \
  '' \
  '    def do_GET(self):' \
  '        self.answer(404, {})' \
  '' \
  '    def answer(self, status, told):' \
  '        text = json.dumps(told).encode()' \
  '        self.send_response(status)' \
  '        self.send_header("Content-Type", "application/json")' \
  '        self.send_header("Content-Length", str(len(text)))' \
  '        self.end_headers()' \
  '        self.wfile.write(text)' \
  '' \
  '    def log_message(self, *words):' \
  '        """Write no line for each request: the server does."""' \
  '' \
  '' \
  'def pass_on(server, number):' \
  '    """Pass a signal on to the server; that a child has ended is for this program alone."""' \
  '    if number != signal.SIGCHLD:' \
  '        server.send_signal(number)' \
  '' \
  '' \
  'def wait(server, numbers):' \
  '    """Wait until the server listens. Where it ends instead, so does this."""' \
  '    while server.poll() is None:' \
  '        try:' \
  '            socket.create_connection(("127.0.0.1", SERVER), 1).close()' \
  '            return' \
  '        except OSError:' \
  '            got = signal.sigtimedwait(numbers, 0.02)' \
  '            if got:' \
  '                pass_on(server, got.si_signo)' \
  '' \
  '' \
  'def main():' \
  '    """Start the server, hand events to it, and end as it ends."""' \
  '    # Signals wait until they are asked for: none is lost. The server gets them as ever.' \
  '    numbers = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}' \
  '    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)' \
  '    try:' \
  '        server = subprocess.Popen(' \
  '            sys.argv[1:],' \
  '            env={**os.environ, "PORT": str(SERVER)},' \
  '            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers),' \
  '        )' \
  '    except OSError as error:' \
  '        tell(f"cannot run {sys.argv[1]}: {error.strerror}")' \
  '        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)' \
  '    wait(server, numbers)' \
  '    if server.poll() is None:' \
  '        listener = http.server.ThreadingHTTPServer(("", int(os.environ["PORT"])), Events)' \
  '        threading.Thread(target=listener.serve_forever, daemon=True).start()' \
  '    while server.poll() is None:' \
  '        pass_on(server, signal.sigwait(numbers))' \
  '    code = server.returncode' \
  '    sys.exit(code if code >= 0 else 128 - code)' \
  '' \
  '' \
  'main()' \
  >/usr/local/bin/events.py

WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# A volume that is mounted here gets these permissions. Without this line, only root can write to /tmp on Fargate.
VOLUME ["/tmp"]

USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 \
    CMD ["python", "-c", "import glob, sys; sys.exit(any(open(stat).read().rpartition(')')[2].split()[0] in 'TtXZ' for stat in glob.glob('/proc/[0-9]*/stat')))"]
CMD ["/usr/local/bin/python3", "-I", "/usr/local/bin/events.py", "uvicorn", "media.posters:app", "--host", "0.0.0.0", "--port", "8081", "--workers", "3", "--proxy-headers", "--no-server-header", "--timeout-keep-alive", "620", "--timeout-graceful-shutdown", "8"]
