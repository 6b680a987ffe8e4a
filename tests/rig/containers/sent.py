"""What clouds send to a function: messages of a queue, news of an object, a request of the load balancer."""

from __future__ import annotations

import base64
import json
from typing import Any


def sqs(*bodies: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "handle",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:111122223333:darkroom-staging-prints",
                "awsRegion": "eu-west-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def s3(key: str, bucket: str = "darkroom-photos") -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html."""
    thing = {"key": key, "size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "versionId": "v1", "sequencer": "0A"}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventTime": "2026-11-30T02:00:00.000Z",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}, "object": thing},
    }
    return {"Records": [record]}


def alb(path: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer."""
    return {
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/2"}},
        "httpMethod": "GET",
        "path": path,
        "multiValueQueryStringParameters": {},
        "multiValueHeaders": {"host": ["darkroom.example.com"], "x-forwarded-proto": ["https"]},
        "body": "",
        "isBase64Encoded": False,
    }


def pubsub_of_object(key: str, bucket: str, *, delivery: int = 1) -> dict[str, Any]:
    """News of an object of Cloud Storage, as Pub/Sub pushes them.

    https://cloud.google.com/storage/docs/pubsub-notifications, https://cloud.google.com/pubsub/docs/push#receive_push
    """
    generation = "1796006400000000"
    resource = {
        "kind": "storage#object",
        "id": f"{bucket}/{key}/{generation}",
        "name": key,
        "bucket": bucket,
        "generation": generation,
        "contentType": "application/json",
        "timeCreated": "2026-11-30T02:00:00.000Z",
        "size": "1024",
        "crc32c": "AAAAAA==",
    }
    attributes = {
        "notificationConfig": f"projects/_/buckets/{bucket}/notificationConfigs/1",
        "eventType": "OBJECT_FINALIZE",
        "payloadFormat": "JSON_API_V1",
        "bucketId": bucket,
        "objectId": key,
        "objectGeneration": generation,
        "eventTime": "2026-11-30T02:00:00.000000Z",
    }
    message = {
        "attributes": attributes,
        "data": base64.b64encode(json.dumps(resource).encode()).decode(),
        "messageId": "2070443601311540",
        "message_id": "2070443601311540",
        "publishTime": "2026-11-30T02:00:00.300Z",
        "publish_time": "2026-11-30T02:00:00.300Z",
    }
    return {
        "deliveryAttempt": delivery,
        "message": message,
        "subscription": "projects/acme-shop/subscriptions/renderer",
    }
