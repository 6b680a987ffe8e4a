"""Which images Lambda can start, and what those lack that cloudgen does not make."""

from __future__ import annotations

from cloudgen.stack.aws.foundation import Foundation
from cloudgen.stack.aws.images import ECR_IMAGE
from cloudgen.stack.workload import Wanted


def check_image(foundation: Foundation, wanted: Wanted) -> None:
    """Record a problem for an image that lies elsewhere than in ECR of the region, or cannot fetch secrets.

    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    """
    spec, place = wanted.spec, ("containers", wanted.name)
    match = ECR_IMAGE.fullmatch(spec.image) if spec.image else None
    if spec.image is not None and (match is None or match[2] != foundation.account.region):
        foundation.problems.error(
            "out-of-reach",
            f"Lambda starts images of ECR in its own region alone, and that of `{wanted.name}` lies elsewhere",
            (*place, "image"),
            f"copy it to ECR in {foundation.account.region}, or write platform: containers",
        )
    if spec.built or spec.trigger or spec.schedule:
        return
    if spec.secrets:
        foundation.problems.error(
            "unsupported",
            f"`{wanted.name}`: the start script fetches secrets on Lambda, and cloudgen does not make this image",
            (*place, "secrets"),
            "let cloudgen write the Dockerfile, or write platform: containers",
        )
    foundation.problems.warning(
        "needs-adapter",
        f"`{wanted.name}`: Lambda hands requests to a server by the Lambda Web Adapter, "
        "and cloudgen does not make this image",
        (*place, "image" if spec.image else "dockerfile" if spec.dockerfile else "build"),
        "add to its Dockerfile: COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.0.0 "
        "/lambda-adapter /opt/extensions/lambda-adapter",
    )
