"""What the README says of the machines of the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cloudgen.stack.text import Markdown

if TYPE_CHECKING:
    from cloudgen.stack.aws.platforms.containers.pools import Pool

TRUNKING = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html"


def about(cluster: str, pools: Sequence[Pool]) -> tuple[Markdown, ...]:
    """Yield paragraphs about the machines of a cluster; nothing without them."""
    return tuple(_about(cluster, pools)) if pools else ()


def _about(cluster: str, pools: Sequence[Pool]) -> Iterator[Markdown]:
    named = " and ".join(f"{pool.name} ({pool.type.name} {pool.price}, at most {pool.most})" for pool in pools)
    yield Markdown(
        f"ECS starts machines of {named} for the tasks that ask for them, and ends those without tasks: where no task "
        "runs, there is no machine. The first task waits some minutes for one. A newer image of Amazon Linux, or "
        "another type of machine, replaces them one after the other; ECS moves their tasks first."
    )
    per = " and ".join(dict.fromkeys(f"{pool.slots} tasks on {pool.type.name}" for pool in pools))
    yield Markdown(
        f"Each task has a network interface of its own, and a machine has few: {per}, however small the tasks are. "
        f"ECS can share interfaces between tasks ([ENI trunking]({TRUNKING})) on types that AWS lists there, such as "
        "those of the m and r families; the t families cannot. It is a setting of the role of the machines, and holds "
        "for machines that start afterwards: `aws ecs put-account-setting --name awsvpcTrunking --value enabled "
        "--principal-arn <role>`, for the role " + " and ".join(f"`{pool.role.name}`" for pool in pools) + "."
    )
    yield Markdown(
        "AWS takes no machines from a cluster while tasks run on them, and Terraform changes the cluster before its "
        "services. So where the last container leaves a pool, keep the pool for one deployment: with "
        f"`compute: {{capacity: {pools[0].capacity}}}`, and the other capacity at the containers. An empty pool costs "
        "nothing. Once no task runs there, take it out of the spec; `cloudgen render` then asks for "
        f"`--allow-destroy {pools[0].held.name}`."
    )
    yield Markdown(
        "A shell on a machine, without an open port or a key: `aws ssm start-session --target <instance>`. "
        f"`aws ecs list-container-instances --cluster {cluster}` names the machines; a machine's containers are in "
        "`sudo docker ps` there."
    )
