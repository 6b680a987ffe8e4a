"""Application Auto Scaling: tags, and policies by the whole name of what scales."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend as Backend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response

_tags: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)


def mend_tags() -> None:
    """Keep tags by account and ARN; moto keeps none."""

    def key(self: Response) -> tuple[str, str]:
        return self.current_account, self._get_param("ResourceARN")

    def list_tags(self: Response) -> str:
        return json.dumps({"Tags": _tags[key(self)]})

    def tag(self: Response) -> str:
        _tags[key(self)].update(self._get_param("Tags"))
        return "{}"

    def untag(self: Response) -> str:
        for name in self._get_param("TagKeys"):
            _tags[key(self)].pop(name, None)
        return "{}"

    register = Response.register_scalable_target

    def register_with_tags(self: Response) -> str:
        answer = register(self)
        if tags := self._get_param("Tags"):
            _tags[self.current_account, json.loads(answer)["ScalableTargetARN"]].update(tags)
        return answer

    Response.list_tags_for_resource = list_tags
    Response.tag_resource = tag
    Response.untag_resource = untag
    Response.register_scalable_target = register_with_tags


def mend_policies() -> None:
    """Find the policies of a service by its whole name; moto finds those of `web` for `web-admin`, too."""
    describe = Backend.describe_scaling_policies

    def of_this_resource(self: Backend, *, resource_id: str | None, **more: Any) -> tuple[str | None, list[Any]]:
        token, found = describe(self, resource_id=resource_id, **more)
        return token, [policy for policy in found if resource_id in (None, policy.resource_id)]

    Backend.describe_scaling_policies = of_this_resource
