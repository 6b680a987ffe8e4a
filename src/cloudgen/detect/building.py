"""What building an image takes beside the packages, and the Dockerfiles that do it already."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from cloudgen.detect.application import Application, Finding, OwnDockerfile
from cloudgen.detect.frontend import front_end, own_image, package_manager
from cloudgen.detect.stated import images
from cloudgen.detect.stated.dockerfiles import rank

if TYPE_CHECKING:
    from cloudgen.detect.reading import Reader


def add_build(application: Application, reader: Reader) -> None:
    """Find what has to be done when the image is built: static files, translations, a front end."""
    steps: dict[tuple[str, ...], str] = {}
    for process in reader.stated.processes:
        if process.role == "build" and not any(
            word in step
            for step in steps
            for word in process.command
            if word in ("collectstatic", "compilemessages", "compress", "pybabel")
        ):
            steps[process.command] = process.evidence
    django = reader.django
    static = django.setting("STATIC_ROOT") if django.manage else None
    whitenoise = django.mentions("whitenoise") or (
        "whitenoise" in reader.project.packages and reader.project.packages["whitenoise"].evidence
    )
    if static and whitenoise and not any("collectstatic" in step for step in steps):
        steps["python", "manage.py", "collectstatic", "--noinput"] = static[0].at(static[1])
    for step, where in steps.items():
        application.build_steps.append(step)
        application.findings.append(Finding("build step", " ".join(step), where))
        if "compilemessages" in step and "gettext" not in application.build_libraries:  # msgfmt, which Django calls
            application.build_libraries.append("gettext")
            application.findings.append(Finding("Debian package for the build", "gettext", where))
    _add_front_end(application, reader)


def _add_front_end(application: Application, reader: Reader) -> None:
    for file in reader.tree.named("package.json"):
        if one := own_image(file, reader.stated.dockerfiles):
            application.advice.append(
                f"{one.file} makes an image of its own of the front end: where it is to run beside web, write a "
                f"container with `dockerfile: {one.file}`, and a route under load_balancer"
            )
    if found := front_end(reader.tree, reader.stated.dockerfiles):
        application.front_end = found.value
        folder = "" if found.value == "." else found.value
        if reader.tree.has(posixpath.join(folder, "package.json")):
            application.front_end_manager = package_manager(reader.tree, folder)
            if application.front_end_manager is None:
                application.advice.append(
                    f"{posixpath.join(folder, 'package.json')} has no lock: run `npm install --package-lock-only` "
                    "beside it, and write build.front_end, so that the front end is built"
                )
        application.note("front end", found)


def add_dockerfiles(application: Application, reader: Reader) -> None:
    """Tell of the repository's own Dockerfiles, so that the user can choose."""
    for one in reader.stated.dockerfiles:
        if rank(one.file) == 2:
            continue
        started = images.processes(reader.tree, one)
        command = next((item.command for item in started if item.role == "web"), None)
        ports, user = one.ports(), one.user()
        application.dockerfiles.append(
            OwnDockerfile(
                one.file,
                one.context or ".",
                one.target,
                one.given,
                ports[0].value if ports else None,
                user.value if user else None,
                command,
                bool(command),
            )
        )
        built = f"{one.file} (context {one.context or '.'}" + (f", target {one.target}" if one.target else "") + ")"
        application.findings.append(Finding("Dockerfile of your own", built, f"{one.file}:{one.stages[0].line}"))
    own = application.dockerfile
    if own:
        application.advice.append(
            f"cloudgen writes a Dockerfile of its own; `cloudgen init --dockerfile {own.file}` uses yours"
        )
