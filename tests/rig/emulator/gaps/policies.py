"""IAM: conditions of policy statements."""

from __future__ import annotations

from moto.iam.access_control import IAMPolicyStatement, PermissionResult

OVER_TLS = "aws:SecureTransport"


def mend_conditions() -> None:
    """Let a statement about plain HTTP say nothing about a request, because all of them come over TLS."""
    judge = IAMPolicyStatement.is_action_permitted

    def judge_with_transport(
        self: IAMPolicyStatement,
        action: str,
        resource: str = "*",
        principal: str | None = None,
        incoming_condition_values: dict[str, str] | None = None,
    ) -> PermissionResult:
        condition = self._statement.get("Condition") or {}
        if str(condition.get("Bool", {}).get(OVER_TLS)).lower() == "false":
            return PermissionResult.NEUTRAL
        return judge(self, action, resource, principal, incoming_condition_values)

    IAMPolicyStatement.is_action_permitted = judge_with_transport
