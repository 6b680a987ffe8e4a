"""Release commands: a Cloud Run job beside a service, which deploy.sh runs before the service gets a new version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cloudgen.dataclass import dataclass, replace
from cloudgen.stack.base import Address
from cloudgen.stack.gcp.foundation import Foundation
from cloudgen.stack.gcp.platforms.containers.runs import Run
from cloudgen.stack.naming import fit
from cloudgen.stack.text import ShellText
from cloudgen.stack.workload import Step, Wanted

TIMEOUT = 3600
"""Seconds that a release command may take."""
WORDS = "@@@"
"""What stands between two words of a command: gcloud takes them as one argument.

https://cloud.google.com/sdk/gcloud/reference/topic/escaping
"""


@dataclass(frozen=True)
class Release:
    """The job of a release command, rendered by services.tf."""

    run: Run
    """As its container runs, but for name and command."""
    label: str
    timeout_text: str

    @property
    def address(self) -> Address:
        """The job's address."""
        return Address("google_cloud_run_v2_job", self.label)


def release(foundation: Foundation, wanted: Wanted, run: Run) -> Release | None:
    """Decide the job of a container's release command; None where it has none."""
    if wanted.spec.release is None:
        return None
    # Less than 50 characters is the limit of a name in Cloud Run.
    name = fit(f"{foundation.prefix}-{wanted.name}-release", 49)
    return Release(replace(run, run_name=name, arguments=wanted.spec.release), f"{run.label}_release", f"{TIMEOUT}s")


def commands(foundation: Foundation, releases: Sequence[Release], jobs: Sequence[Run]) -> Iterator[Step]:
    """Yield what deploy.sh knows of commands: of what has a job, which is what Cloud Run runs a command by."""
    runs = [*(each.run for each in releases), *jobs]
    if not runs:
        return
    yield Step("Commands", tuple(_functions(foundation, runs)), moment="asked")
    if releases:
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
      die "Cloud Run runs commands by a job, and these have one: {names}. A release command gives $1 one, too"
      ;;
  esac
  shift
  execute "$job" "$@"
}}
"""
    yield from map(ShellText, text.strip().splitlines())


def _releases(releases: Sequence[Release]) -> Iterator[ShellText]:
    """Make the jobs with what they need, and nothing that takes requests; then run them, one after the other."""
    # With a new name for a database server whose creation failed; a second time would replace what was just made.
    yield ShellText('run "$terraform" apply -input=false $approve "$@" \\')
    *others, last = (f"  -target={each.address}" for each in releases)
    yield from (ShellText(f"{other} \\") for other in others)
    yield ShellText(last)
    yield ShellText("set --")
    yield from (ShellText(f"execute {each.run.run_name}") for each in releases)
