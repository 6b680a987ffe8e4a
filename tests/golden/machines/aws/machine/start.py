# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

"""Starts the container of this machine: pulls its image, fetches its secrets, and becomes `docker run`.

It is the same on every machine. What differs stands in settings.json, which the machine's user data writes. Values of
secrets are in the environment of this process, and then of the container. They stand on no command line and in no file:
where Docker and containerd write down what they run is in memory.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SETTINGS = json.loads(Path("/opt/container/settings.json").read_text(encoding="utf-8"))
INSTANCE = Path("/var/lib/cloud/data/instance-id").read_text(encoding="ascii").strip()
CONTAINER = "container"


def run(*command, **options):
    """Run a command and return what it prints; where it fails, so does this start, and systemd tries again."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def prepare():
    """Install Docker where it is missing, and let everybody listen on any port: nothing else serves here."""
    if shutil.which("docker") is None:
        run("dnf", "--quiet", "--assumeyes", "install", "docker")
    run("systemctl", "start", "docker")
    Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").write_text("0", encoding="ascii")


def pull(image):
    """Pull the image, unless an earlier start did. What signs in at the registry is thrown away afterwards."""
    if subprocess.run(["docker", "image", "inspect", image], capture_output=True).returncode == 0:
        return
    registry = image.partition("/")[0]
    account, _, rest = registry.partition(".dkr.ecr.")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DOCKER_CONFIG": folder}
        if account.isdigit() and rest:
            password = run("aws", "ecr", "get-login-password", "--region", rest.partition(".")[0])
            login = ("docker", "login", "--username", "AWS", "--password-stdin", registry)
            run(*login, input=password, env=environment)
        run("docker", "pull", "--quiet", image, env=environment)


def secret(place):
    """Read a secret by the machine's role, whole or one key of its JSON text."""
    command = ["aws", "secretsmanager", "get-secret-value", "--output", "json", "--secret-id", place["secret"]]
    command += ["--region", place["secret"].split(":")[3]]
    if "version" in place:
        command += ["--version-id", place["version"]]
    value = json.loads(run(*command))["SecretString"]
    return json.loads(value)[place["key"]] if "key" in place else value


def main():
    """Become the container."""
    prepare()
    pull(SETTINGS["image"])
    secrets = {name: secret(place) for name, place in SETTINGS["secrets"].items()}
    # What is left of a container that was cut short. After a loss of power Docker knows nothing but its volumes.
    subprocess.run(["docker", "rm", "--force", "--volumes", CONTAINER], capture_output=True)
    subprocess.run(["docker", "volume", "prune", "--force"], capture_output=True)
    command = ["docker", "run", "--rm", "--name", CONTAINER, *SETTINGS["options"]]
    command += ["--log-opt", f"awslogs-stream={SETTINGS['name']}/{INSTANCE}"]
    for name, value in SETTINGS["environment"].items():
        command += ["--env", f"{name}={value}"]
    for name in secrets:
        command += ["--env", name]
    command += [SETTINGS["image"], *SETTINGS["command"]]
    os.execvpe("docker", command, {**os.environ, **secrets})


main()
