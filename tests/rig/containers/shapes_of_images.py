"""Applications whose images need more than packages: a front end, folders to write to, a Dockerfile of their own."""

from __future__ import annotations

from collections.abc import Mapping

from rig.containers.shape import Shape
from rig.containers.sources import FASTAPI, FLASK

OF_IMAGES: Mapping[str, Shape] = {
    "front-end-of-node": Shape(
        build="{app: 'server:app', interface: wsgi, front_end: {folder: ui}}",
        answer="built by node of the template",
        files={
            "requirements.txt": "flask\ngunicorn\n",
            "server.py": FLASK.format(
                imports="from pathlib import Path", answer='(Path(__file__).parent / "static" / "app.js").read_text()'
            ),
            "templates/page.html": "of the template",
            "ui/package.json": '{"name": "ui", "version": "1.0.0", "scripts": {"build": "node build.js"}}\n',
            "ui/package-lock.json": '{"name": "ui", "version": "1.0.0", "lockfileVersion": 3, "packages": '
            '{"": {"name": "ui", "version": "1.0.0"}}}\n',
            # It writes beside its own folder, and reads what belongs to the application: as bundlers do.
            "ui/build.js": 'const fs = require("fs");\nfs.mkdirSync("../static");\n'
            'const page = fs.readFileSync("../templates/page.html", "utf8");\n'
            'fs.writeFileSync("../static/app.js", "built by node " + page);\n',
        },
    ),
    "writes-to-its-folders": Shape(
        build="{app: 'notes:app', interface: wsgi, requirements: [deps/requirements.txt]}",
        answer="seeded, logged, kept, and no more",
        files={
            "deps/requirements.txt": "flask\ngunicorn\n",
            "data/seed.txt": "seeded",
            "notes.py": FLASK.format(
                imports="import os, pathlib\n"
                'pathlib.Path("logs").mkdir(exist_ok=True)\n'
                'pathlib.Path("logs/app.log").write_text("logged")\n'
                'pathlib.Path("/var/lib/notes/x").write_text("kept")\n'
                'pathlib.Path("data/new.txt").write_text(pathlib.Path("data/seed.txt").read_text())\n'
                'more = os.access(".", os.W_OK)',
                answer="f\"{pathlib.Path('data/new.txt').read_text()}, {pathlib.Path('logs/app.log').read_text()}, "
                "{pathlib.Path('/var/lib/notes/x').read_text()}, and {'more' if more else 'no more'}\"",
            ),
        },
        more=", writable: [data, logs, '/var/lib/notes:keep']",
    ),
    "own-dockerfile": Shape(
        build="{dockerfile: docker/app.Dockerfile, context: service, target: live, "
        "args: {GREETING: 'it is \"mine\" $HOME'}}",
        answer='it is "mine" $HOME',
        files={
            "docker/app.Dockerfile": (
                "FROM python:3.12-slim-bookworm AS live\nARG GREETING=nobody\nENV GREETING=$GREETING\n"
                "COPY serve.py /serve.py\nUSER 10001\nSTOPSIGNAL SIGTERM\n"
                "HEALTHCHECK --interval=1s --start-period=5s CMD "
                '["python", "-c", "import urllib.request; urllib.request.urlopen(\'http://127.0.0.1:8000/healthz\')"]\n'
                'CMD ["python", "/serve.py"]\nFROM live AS last\nRUN false\n'
            ),
            "service/serve.py": (
                "import http.server, os, signal, sys\n\n\n"
                "class Handler(http.server.BaseHTTPRequestHandler):\n    def do_GET(self):\n"
                "        self.send_response(200)\n        self.end_headers()\n"
                '        self.wfile.write(os.environ["GREETING"].encode())\n\n\n'
                "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
                'http.server.HTTPServer(("0.0.0.0", 8000), Handler).serve_forever()\n'
            ),
        },
    ),
    "own-ignore-file": Shape(
        build="{app: 'web:app'}",
        answer="only the source",
        files={
            "requirements.txt": "fastapi\nuvicorn\n",
            ".dockerignore": "# What is large.\n/media\n*.bak\n!keep.bak\n!.env\n",
            "media/film.bin": "large",
            "old.bak": "old",
            "keep.bak": "kept",
            ".env": "SECRET=1",
            "web.py": FASTAPI.format(
                imports="import os",
                answer='"only the source" if sorted(os.listdir("/app")) == '
                '["__pycache__", "deploy", "keep.bak", "requirements.txt", "web.py"] else str(os.listdir("/app"))',
            ),
        },
    ),
    "command-of-its-own": Shape(
        build="{}",
        answer="served by itself",
        files={
            "requirements.txt": "aiohttp\n",
            "serve.py": "import os\nfrom aiohttp import web\n\n\nasync def health(request):\n"
            '    return web.Response(text="served by itself")\n\n\n'
            'app = web.Application()\napp.router.add_get("/healthz", health)\n'
            'web.run_app(app, port=int(os.environ["PORT"]))\n',
        },
        more=", command: [python, serve.py]",
    ),
    "hypercorn-and-quart": Shape(
        build="{}",
        answer="quart",
        files={
            # The middleware is for any server of ASGI; the image says whom to trust.
            "requirements.txt": "quart\nhypercorn\nuvicorn\n",
            "web.py": "import os\nfrom quart import Quart, request\n"
            "from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware\n\n"
            "app = Quart(__name__)\n"
            'app.asgi_app = ProxyHeadersMiddleware(app.asgi_app, os.environ["FORWARDED_ALLOW_IPS"])\n\n\n'
            '@app.get("/healthz")\nasync def health():\n    return "quart"\n\n\n'
            '@app.get("/who")\nasync def who():\n    return f"{request.scheme} {request.remote_addr}"\n',
        },
        more=", command: [hypercorn, --bind, '0.0.0.0:8000', 'web:app']",
    ),
}
