"""The stack of a deployment on AWS: every decision, from names and sizes to grants and order."""

from cloudgen.stack.aws.stack import AwsStack, build

__all__ = ["AwsStack", "build"]
