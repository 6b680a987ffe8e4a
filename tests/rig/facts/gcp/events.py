"""What starts functions by events: queues and buckets."""

from __future__ import annotations

from collections.abc import Iterator

from cloudgen.spec.containers import Trigger
from rig.facts.gcp.finding import run
from rig.facts.gcp.functions import Started
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label


def started_by_events(scene: Scene) -> Iterator[Seen]:
    """A subscription pushes what its topic has: the messages of the queue, or the news of the bucket."""
    for name, container in scene.containers("function").items():
        trigger, one = container.trigger, run(scene, name)
        assert trigger is not None
        assert isinstance(one, Started)
        own = label(trigger.queue) if trigger.queue else f"{label(name)}_objects"
        push = scene.root.get("google_pubsub_subscription", own)
        topic = scene.root.get("google_pubsub_topic", own)
        told = {} if trigger.bucket is None else _told_of_objects(scene, name, trigger, topic)
        yield Seen.of(
            name,
            {
                **one.starts(scene, name, push, "push_config.push_endpoint", "push_config.oidc_token"),
                **told,
                "takes the messages of another topic": push.at("topic") != topic.values["id"],
                "has less time than Pub/Sub waits": one.at("timeout") != f"{push.at('ack_deadline_seconds')}s",
                "what fails is lost": not push.at("dead_letter_policy", "dead_letter_topic"),
            },
        )


def _told_of_objects(scene: Scene, name: str, trigger: Trigger, topic: PlannedResource) -> dict[str, bool]:
    """Return what is wrong with how Cloud Storage tells a topic of new objects."""
    news = scene.root.get("google_storage_notification", label(name))
    bucket = scene.root.get("google_storage_bucket", label(str(trigger.bucket)))
    publishers = [
        grant
        for grant in scene.root.of("google_pubsub_topic_iam_member")
        if grant.at("topic") == topic.values["id"] and "gs-project-accounts" in str(grant.at("member"))
    ]
    return {
        "is told of another bucket": news.at("bucket") != bucket.values["name"],
        "another topic is told": news.at("topic") != topic.values["id"],
        "is told of other objects": (news.at("object_name_prefix") or None) != trigger.prefix,
        "is told of other events": news.at("event_types") != ["OBJECT_FINALIZE"],
        "Cloud Storage may not tell": [grant.at("role") for grant in publishers] != ["roles/pubsub.publisher"],
        "is told before Cloud Storage may": not news.is_after(f"time_sleep.{label(name)}_trigger"),
    }
