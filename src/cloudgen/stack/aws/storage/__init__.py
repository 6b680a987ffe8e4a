"""What stores data on AWS: databases, buckets, caches and queues, a module each."""
