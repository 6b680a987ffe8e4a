"""Lambda: what a function keeps of its settings, and which alias a queue starts."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import EventSourceMapping, ImageConfig, LambdaFunction
from moto.ec2 import ec2_backends

KEPT = ("DeadLetterConfig", "LoggingConfig")
ATTRIBUTES = {"KMSKeyArn": "kms_key_arn", "TracingConfig": "tracing_config"}


def mend_function_settings() -> None:
    """Keep what CreateFunction and UpdateFunctionConfiguration are given, and invent no configuration of an image."""
    made, updated, told = LambdaFunction.__init__, LambdaFunction.update_configuration, LambdaFunction.get_configuration

    def make(self: LambdaFunction, account_id: str, spec: dict[str, Any], *more: Any, **others: Any) -> None:
        made(self, account_id, spec, *more, **others)
        self.kept = {name: spec[name] for name in KEPT if name in spec}

    def update(self: LambdaFunction, changes: dict[str, Any]) -> dict[str, Any]:
        # A version is a copy of the function, and keeps what it had.
        kept = self.kept | {name: changes[name] for name in KEPT if name in changes}
        self.kept = kept
        for name, attribute in ATTRIBUTES.items():
            if name in changes:
                setattr(self, attribute, changes[name])
        if "ImageConfig" in changes:
            self.image_config = ImageConfig(changes["ImageConfig"])
        return updated(self, changes)

    def tell(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        config = told(self, on_create) | self.kept
        image = config.get("ImageConfigResponse", {}).get("ImageConfig", {})
        if not any(image.values()):
            config.pop("ImageConfigResponse", None)
        return config

    LambdaFunction.__init__ = make
    LambdaFunction.update_configuration = update
    LambdaFunction.get_configuration = tell


def mend_function_network() -> None:
    """A function stands in the network of its subnets."""

    def network(self: LambdaFunction) -> dict[str, Any] | None:
        if not self._vpc_config:
            return None
        config: dict[str, Any] = dict(self._vpc_config)
        if config.get("SubnetIds"):
            subnet = ec2_backends[self.account_id][self.region].get_subnet(config["SubnetIds"][0])
            config["VpcId"] = subnet.vpc_id
        return config

    LambdaFunction.vpc_config = property(network)


def mend_mapping_alias() -> None:
    """A queue starts the alias that was named, and not the version that it led to then."""
    told = EventSourceMapping.get_configuration

    def tell(self: EventSourceMapping) -> dict[str, Any]:
        config = told(self)
        return config | ({"FunctionArn": self.function_name} if self.function_name.startswith("arn:") else {})

    EventSourceMapping.get_configuration = tell
