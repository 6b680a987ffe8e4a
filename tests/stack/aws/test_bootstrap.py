"""What is made before the root module: the state's bucket, a registry, and a key for both."""

from __future__ import annotations

from cloudgen.render.tree import render
from cloudgen.stack.aws.bootstrap import bootstrap, state_bucket_name
from cloudgen.stack.aws.stack import build
from cloudgen.stack.base import Ref, join
from rig.parts.aws import HEAD, WEB, make_foundation

NO_ACCOUNT = HEAD.replace(', account: "111122223333"', "")
PREBUILT = 'containers: {web: {port: 80, image: "nginx:1.29"}}'


def test_nothing_to_bootstrap() -> None:
    assert bootstrap(make_foundation(f"state: {{backend: local}}\n{PREBUILT}")) is None


def test_remote_state_alone() -> None:
    made = bootstrap(make_foundation(PREBUILT))
    assert made is not None
    assert made.images == ()
    assert made.repository.name == "shop-prod"
    assert made.state is not None
    assert made.state.name == "shop-prod-state-111122223333-eu-west-1"
    assert made.state.protected


def test_local_state_needs_only_the_registry() -> None:
    made = bootstrap(make_foundation(f"state: {{backend: local}}\n{WEB}"))
    assert made is not None
    assert made.state is None
    assert (made.repository.name, [image.container for image in made.images]) == ("shop-prod", ["web"])


def test_bucket_name_of_an_account_that_is_not_stated() -> None:
    foundation = make_foundation(PREBUILT, NO_ACCOUNT)
    account = Ref("data.aws_caller_identity.current.account_id")
    assert state_bucket_name(foundation) == join("shop-prod-state-", account, "-eu-west-1")


def test_longest_bucket_name_is_within_the_limit() -> None:
    longest = HEAD.replace("name: shop", "name: abcdefghijklmno\nenvironment: staging")
    name = state_bucket_name(make_foundation(PREBUILT, longest))
    assert isinstance(name, str)
    assert len(name) <= 63


def test_without_deletion_protection_everything_can_go() -> None:
    made = bootstrap(make_foundation(f"security: {{deletion_protection: false}}\n{WEB}"))
    assert made is not None
    assert made.state is not None
    assert made.state.force_destroy
    assert not made.state.protected
    assert made.repository.force_delete


def test_key_only_when_the_customer_wants_one() -> None:
    own = bootstrap(make_foundation(WEB))
    aws = bootstrap(make_foundation(f"security: {{encryption: provider_managed}}\n{WEB}"))
    assert own is not None
    assert aws is not None
    assert own.key_arn == Ref("aws_kms_key.main.arn")
    assert aws.key is None
    assert aws.key_arn is None


def test_how_each_image_is_built() -> None:
    made = bootstrap(
        make_foundation(
            """
            containers:
              web: {port: 8000, build: {context: app}, architecture: arm64}
              my-worker: {dockerfile: docker/worker.Dockerfile}
              proxy: {image: "nginx:1.29"}
            """.replace("\n            ", "\n")
        )
    )
    assert made is not None
    web, worker = made.images
    assert (web.origin, web.dockerfile, web.context, web.platform) == (
        "generated",
        "web.Dockerfile",
        "app",
        "linux/arm64",
    )
    assert (worker.origin, worker.dockerfile, worker.context, worker.platform) == (
        "source",
        "docker/worker.Dockerfile",
        ".",
        "linux/amd64",
    )


def test_no_change_of_containers_changes_bootstrap() -> None:
    """It is applied first: what it lost would still be used, and what holds images cannot go."""
    specs = (WEB, PREBUILT, "containers: {web: {port: 80, build: {context: .}}, api: {port: 81, build: {context: .}}}")
    trees = [
        {file.path: file.text for file in render(build(make_foundation(spec).deployment)) if "bootstrap" in file.path}
        for spec in specs
    ]
    assert trees[0] == trees[1] == trees[2]
    assert "bootstrap/registry.tf" in trees[0]
