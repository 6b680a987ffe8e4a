"""Commands: a Cloud Run job beside each service and worker pool, which deploy.sh runs.

A service cannot run another command than its own, so what runs once is a job with the same image, account, network and
environment. It is the release command where the container has one. Nothing is paid while it does not run.
https://cloud.google.com/run/docs/create-jobs
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloudgen.dataclass import dataclass, replace
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.cloud_run.runs import Run
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.naming import fit
from cloudgen.stack.text import ShellText
from cloudgen.stack.workload import Step, Wanted

TIMEOUT = 3600
"""Seconds that a command may take."""
NOTHING = ("true",)
"""What such a job does where nobody tells it what to run."""
WORDS = "@@@"
"""What stands between two words of a command: gcloud takes them as one argument.

https://cloud.google.com/sdk/gcloud/reference/topic/escaping
"""


@dataclass(frozen=True)
class CommandJob:
    """The job that runs commands as a container would, rendered by services.tf."""

    run: Run
    """As its container runs, but for name and command."""
    is_release: bool
    """Whether it runs before each new version, too."""
    label: str
    timeout_text: str

    @property
    def address(self) -> Address:
        """The job's address."""
        return Address("google_cloud_run_v2_job", self.label)


def command_job(foundation: Foundation, wanted: Wanted, run: Run) -> CommandJob:
    """Decide the job of a container that runs always."""
    release = wanted.spec.release
    kind = "run" if release is None else "release"
    # Less than 50 characters is the limit of a name in Cloud Run.
    name = fit(f"{foundation.prefix}-{wanted.name}-{kind}", 49)
    own = replace(run, run_name=name, arguments=NOTHING if release is None else release)
    return CommandJob(own, release is not None, f"{run.label}_{kind}", f"{TIMEOUT}s")


def commands(foundation: Foundation, beside: Sequence[CommandJob], jobs: Sequence[Run]) -> Iterator[Step]:
    """Yield what deploy.sh knows of commands. `beside` are the jobs beside what runs always."""
    runs = [*(each.run for each in beside), *jobs]
    yield Step("Commands", tuple(_functions(foundation, runs)), moment="asked")
    if releases := [each for each in beside if each.is_release]:
        yield Step("Release commands", tuple(_releases(releases)), moment="before")


def _functions(foundation: Foundation, runs: Sequence[Run]) -> Iterator[ShellText]:
    bucket = f'--bucket {foundation.prefix} --location "$region" --view _AllLogs'
    cases = "\n".join(f"    {each.name}) job={each.run_name} ;;" for each in runs)
    names = ", ".join(each.name for each in runs)
    text = rf"""
# execute JOB [ARGUMENT]...: runs a job to its end and shows its log; it fails as the job does
execute() {{
  job=$1
  shift
  words=
  for argument; do
    words=$words{WORDS}$argument
  done
  began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  code=0
  gcloud run jobs execute "$job" --project "$project" --region "$region" --wait \
    ${{words:+"--args=^{WORDS}^${{words#{WORDS}}}"}} || code=$?
  # The last lines come a little later than the end.
  sleep 5
  filter="resource.type = \"cloud_run_job\" AND resource.labels.job_name = \"$job\" AND timestamp >= \"$began\""
  format='value(timestamp, textPayload, jsonPayload.message, protoPayload.status.message)'
  gcloud logging read "$filter" --project "$project" --order asc --limit 1000 --format "$format" \
    {bucket} 2>/dev/null ||
    gcloud logging read "$filter" --project "$project" --order asc --limit 1000 --format "$format" || true
  [ "$code" -eq 0 ] || die "$job failed; its log stands above"
}}

# one_off CONTAINER COMMAND [ARGUMENT]...: runs it by the container's job
one_off() {{
  case $1 in
{cases}
    *)
      die "Cloud Run runs commands by a job, and these have one: {names}"
      ;;
  esac
  shift
  execute "$job" "$@"
}}
"""
    yield from map(ShellText, text.strip().splitlines())


def _releases(releases: Sequence[CommandJob]) -> Iterator[ShellText]:
    """Make the jobs with what they need, and nothing that takes requests; then run them, one after the other."""
    # With a new name for a database server whose creation failed; a second time would replace what was just made.
    yield ShellText('run "$terraform" apply -input=false $approve "$@" \\')
    *others, last = (f"  -target={each.address}" for each in releases)
    yield from (ShellText(f"{other} \\") for other in others)
    yield ShellText(last)
    yield ShellText("set --")
    yield from (ShellText(f"execute {each.run.run_name}") for each in releases)
