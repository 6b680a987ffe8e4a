"""Images: where they lie, and what pulling them takes."""

from __future__ import annotations

import re

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.iam import Grant
from cloudgen.stack.base import Ref, Template
from cloudgen.stack.workload import Wanted

ECR_IMAGE = re.compile(
    r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([a-z0-9._/-]+?)(?::[\w.-]+)?(?:@.+)?"
)


def image(container: Wanted) -> str | Ref:
    """The image to run: the spec's own, or the one that deploy.sh has built."""
    return container.spec.image or Ref(f"var.images.{container.made_image}")


def pull(foundation: Foundation, container: Wanted) -> list[Grant]:
    """What pulling the image takes: nothing for a public one, read access to one repository of ECR otherwise."""
    account = foundation.account
    if container.spec.image is None:
        repository: str | Template = account.arn("ecr", f"repository/{foundation.prefix}")
    else:
        match = ECR_IMAGE.fullmatch(container.spec.image)
        if match is None:
            return []
        repository = f"arn:{account.partition}:ecr:{match[2]}:{match[1]}:repository/{match[3]}"
    return [
        Grant("AuthorizeAtRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
        Grant(
            "PullImage",
            ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            [repository],
        ),
    ]
