# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

"""Delivers events on this machine: hands the messages of queues, and the news of objects in buckets, to containers.

One message of a queue at a time is posted to its container, in the words of AWS. An answer of 2xx means done, and the
message is deleted. Anything else means failed: it comes again after RETRY seconds, until the queue moves it to its dead
letters. News of objects become messages of a queue, so that they are tried again and kept likewise. Servers that stand
in for S3 tell of new objects each in its own way, or not at all, so this looks for them once a second.

Python's standard library is all it needs.
"""

import argparse
import datetime
import hashlib
import hmac
import http.client
import json
import os
import socket
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree

RETRY = 5
REGION = os.environ["AWS_DEFAULT_REGION"]
START = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def tell(text):
    """Write a line to the log."""
    print(text, flush=True)


def sign(method, url, body, service, headers):
    """Return the headers of a request to AWS with their signature (version 4)."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    headers = {**headers, "host": url.netloc, "x-amz-content-sha256": digest, "x-amz-date": now}
    lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
    names = ";".join(sorted(headers))
    request = "\n".join([method, url.path, url.query, *lines, "", names, digest])
    scope = f"{now[:8]}/{REGION}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    credential = f"Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    return {**headers, "authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"}


def send(method, address, body, headers, timeout):
    """Send a request; return the status of the answer and its body."""
    url = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(url.netloc, timeout=timeout)
    try:
        connection.request(method, f"{url.path}?{url.query}" if url.query else url.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def call(service, method, address, body=b"", headers=None):
    """Send a signed request to a server that speaks as AWS does; return the body of its answer."""
    headers = sign(method, urllib.parse.urlsplit(address), body, service, headers or {})
    status, text = send(method, address, body, headers, 60)
    if status >= 300:
        raise OSError(f"{address} answers {status}: {text[:300].decode(errors='replace')}")
    return text


def sqs(action, queue, **more):
    """Ask the queue's server: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/"""
    address = os.environ["AWS_ENDPOINT_URL_SQS"]
    body = json.dumps({"QueueUrl": f"{address}/000000000000/{queue}", **more}).encode()
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{action}"}
    return json.loads(call("sqs", "POST", f"{address}/", body, headers) or b"null")


def objects(bucket, prefix):
    """Return the objects of a bucket by their keys: when each was written, its checksum and size."""
    found, token = {}, None
    while True:
        asked = {"list-type": "2", "prefix": prefix, **({"continuation-token": token} if token else {})}
        query = urllib.parse.urlencode(sorted(asked.items()), quote_via=urllib.parse.quote, safe="-_.~")
        text = call("s3", "GET", f"{os.environ['AWS_ENDPOINT_URL_S3']}/{bucket}?{query}")
        page = xml.etree.ElementTree.fromstring(text)
        for each in page.iterfind("{*}Contents"):
            written, tag, size = (each.findtext("{*}" + name) for name in ("LastModified", "ETag", "Size"))
            found[each.findtext("{*}Key")] = written, tag.strip('"'), int(size)
        token = page.findtext("{*}NextContinuationToken")
        if not token:
            return found


def news(bucket, key, written, tag, size):
    """Return the news of an object, as S3 sends it: its key is written as in a query."""
    thing = {"key": urllib.parse.quote_plus(key, safe="/"), "size": size, "eTag": tag, "sequencer": f"{written}-{tag}"}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": written,
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}, "object": thing},
    }
    return {"Records": [record]}


def watch(told, bucket, prefix, queue):
    """Put the news of each object that was written since the start into a queue, once. `told` has those before."""
    for key, put in objects(bucket, prefix).items():
        if put[0][:19] >= START and told.get(key) != put:
            sqs("SendMessage", queue, MessageBody=json.dumps(news(bucket, key, *put)))
            told[key] = put
    time.sleep(1)


def of_queue(message):
    """Return a message as Lambda hands it over."""
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "awsRegion": REGION,
    }
    return {"Records": [record]}


def of_bucket(message):
    """Return the news of an object that wait in a queue."""
    return json.loads(message["Body"])


def deliver(event, address, timeout):
    """Post an event to a container; return how it failed, or nothing."""
    headers = {"Content-Type": "application/json"}
    try:
        status, text = send("POST", f"{address}/events", json.dumps(event).encode(), headers, timeout)
        told = json.loads(text or b"null") or {}
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"no answer: {error!r}"
    if not 200 <= status < 300:
        return f"it answers {status}"
    return "it answers that it failed" if told.get("batchItemFailures") else None


def runs(address):
    """Whether a container listens. While it does not, its messages wait, and none of them is lost by that."""
    url = urllib.parse.urlsplit(address)
    try:
        socket.create_connection((url.hostname, url.port), 1).close()
    except OSError:
        return False
    return True


def hand_over(queue, address, seconds, read):
    """Deliver the next message of a queue, if there is one."""
    if not runs(address):
        time.sleep(1)
        return
    found = sqs("ReceiveMessage", queue, AttributeNames=["All"], MaxNumberOfMessages=1, WaitTimeSeconds=10)
    for message in (found or {}).get("Messages") or []:
        handle, name = message["ReceiptHandle"], message["MessageId"]
        # It gives up before the message can be delivered again.
        failed = deliver(read(message), address, seconds - 1)
        if failed is None:
            sqs("DeleteMessage", queue, ReceiptHandle=handle)
            tell(f"{queue}: {name}: done by {address}")
            continue
        count = message["Attributes"]["ApproximateReceiveCount"]
        tell(f"{queue}: {name}: delivery {count} to {address} failed: {failed}")
        sqs("ChangeMessageVisibility", queue, ReceiptHandle=handle, VisibilityTimeout=RETRY)


def keep_on(queue, work, *arguments):
    """Do something for ever. A server that does not answer is told, and asked again."""
    while True:
        try:
            work(*arguments)
        except Exception as error:
            tell(f"{queue}: {error!r}")
            time.sleep(1)


def main():
    """Begin with everything in the arguments, beside each other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = ("QUEUE", "ADDRESS", "SECONDS")
    parser.add_argument("--queue", action="append", nargs=3, metavar=words, default=[])
    words = ("BUCKET/PREFIX", *words)
    parser.add_argument("--bucket", action="append", nargs=4, metavar=words, default=[])
    given = parser.parse_args()
    works = [(queue, hand_over, queue, address, int(seconds), of_queue) for queue, address, seconds in given.queue]
    for place, queue, address, seconds in given.bucket:
        bucket, _, prefix = place.partition("/")
        works.append((queue, watch, {}, bucket, prefix, queue))
        works.append((queue, hand_over, queue, address, int(seconds), of_bucket))
    threads = [threading.Thread(target=keep_on, args=work) for work in works]
    tell(f"begins at {START}: {' '.join(sys.argv[1:])}")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
