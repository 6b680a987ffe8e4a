"""Mutations of Dockerfiles, of the compose file, and of the scripts beside it."""

from __future__ import annotations

from rig.mutations.mutation import Check, Mutation

CHECKOV, HADOLINT, COMPOSE, SHELLCHECK = Check.CHECKOV, Check.HADOLINT, Check.COMPOSE, Check.SHELLCHECK
ALL = "reference"

# fmt: off
DOCKER: tuple[Mutation, ...] = (
    Mutation("runs-as-root", "docker/Dockerfile.j2",
           "USER {{ dockerfile.user }}:{{ dockerfile.user }}", "USER root",
           ALL, CHECKOV, "CKV_DOCKER_8 web.Dockerfile.USER"),
    Mutation("no-user", "docker/Dockerfile.j2",
           "USER {{ dockerfile.user }}:{{ dockerfile.user }}\n", "",
           ALL, CHECKOV, "CKV_DOCKER_3 web.Dockerfile."),
    Mutation("no-health-check", "docker/Dockerfile.j2",
           "HEALTHCHECK --interval={{ dockerfile.health_check.interval }}s",
           "LABEL interval={{ dockerfile.health_check.interval }}",
           ALL, CHECKOV, "CKV_DOCKER_2 web.Dockerfile."),
    Mutation("command-in-a-shell", "docker/Dockerfile.j2",
           "CMD {{ dockerfile.command }}", "CMD python -m app",
           ALL, HADOLINT, "DL3025"),
    Mutation("lists-of-packages-stay", "docker/Dockerfile.j2",
           "    && rm -rf /var/lib/apt/lists/*\n", "    && true\n",
           ALL, HADOLINT, "DL3009", times=2),
    Mutation("whatever-is-newest", "docker/Dockerfile.j2",
           "FROM {{ dockerfile.base }}\n", "FROM python:latest\n",
           ALL, HADOLINT, "DL3007"),
    Mutation("two-commands", "docker/Dockerfile.j2",
           "STOPSIGNAL SIGTERM\n", 'CMD ["true"]\n',
           ALL, HADOLINT, "DL4003"),
    Mutation("misspelt-key", "docker/compose.yaml",
           "mem_limit: 2048m", "memlimit: 2048m",
           ALL, COMPOSE, "memlimit"),
    Mutation("unknown-network", "docker/compose.yaml",
           "services:\n", "services:\n  extra:\n    image: busybox\n    depends_on: [nobody]\n",
           ALL, COMPOSE, "nobody"),
    Mutation("unquoted-words", "docker/setup.sh.j2",
           "set -eu", "set -eu\nfor word in $@; do rm -r $word/; done",
           ALL, SHELLCHECK, "SC2068"),
    Mutation("unquoted-digest", "gcp/deploy.sh.j2",
           '[ -z "$digest" ]', "[ -z $digest ]",
           ALL, SHELLCHECK, "SC2086"),
    Mutation("unquoted-image", "aws/deploy.sh.j2",
           'docker push "$image"', "docker push $image",
           ALL, SHELLCHECK, "SC2086"),
)
# fmt: on
