"""News of a bucket's objects: which topic of Pub/Sub Cloud Storage tells of them."""

from __future__ import annotations

import re
from typing import Any

from rig.gcp.call import Call
from rig.gcp.lookups import storage_agent
from rig.gcp.policies import may
from rig.gcp.refusal import invalid
from rig.gcp.store import Store, project_in

Json = dict[str, Any]

FORMATS = ("JSON_API_V1", "NONE")
EVENTS = ("OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE")
"""The discovery document has both as plain text: https://cloud.google.com/storage/docs/json_api/v1/notifications."""
TOPIC = re.compile(r"(?://pubsub\.googleapis\.com/)?(projects/[^/]+/topics/[^/]+)")
"""The document has the long form. hashicorp/google sends the short one, and takes both in the answer."""
PUBLISHERS = ("roles/pubsub.publisher", "roles/pubsub.editor", "roles/pubsub.admin", "roles/editor", "roles/owner")
"""The roles with the permission pubsub.topics.publish."""


def add_notification(call: Call) -> Json:
    """Let a bucket tell a topic; the same news may go to one topic twice. Numbers are not given again."""
    bucket = call.store.get("storage", call.path.removesuffix("/notificationConfigs"))
    if call.body["payload_format"] not in FORMATS:
        invalid(f"Invalid argument: payload_format: {call.body['payload_format']!r} is none of {FORMATS}")
    for event in call.body.get("event_types", []):
        if event not in EVENTS:
            invalid(f"Invalid argument: event_types: {event!r} is none of {EVENTS}")
    topic = _checked_topic(call.store, bucket, call.body["topic"])
    number = str(call.store.next_number())
    path = f"{call.path}/{number}"
    made = {"kind": "storage#notification", "id": number, "etag": "1", "topic": topic}
    link = {"selfLink": f"https://www.googleapis.com{path}"}
    return call.store.put("storage", path, call.body | made | link)


def _checked_topic(store: Store, bucket: Json, topic: str) -> str:
    """Return a topic's full name; refuse one that is not there, or to which Cloud Storage's agent may not publish.

    The answer is the one of https://github.com/googleapis/nodejs-storage/issues/1402.
    """
    found = TOPIC.fullmatch(topic)
    if found is None:
        invalid(f"Invalid Google Cloud Pub/Sub topic: {topic}")
    name, path, agent = f"//pubsub.googleapis.com/{found[1]}", f"/v1/{found[1]}", storage_agent(bucket["projectNumber"])
    places = (("pubsub", path), ("cloudresourcemanager", f"/v1/projects/{project_in(path)}"))
    allowed = any(may(store, place, f"serviceAccount:{agent}", PUBLISHERS) for place in places)
    if not allowed or not store.has("pubsub", path):
        invalid(f"Cloud Pub/Sub topic '{name}' not found, or user '{agent}' does not have permission to it.")
    return name
