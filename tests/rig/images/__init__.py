"""Stand-ins for base images where no image registry answers, made of this machine's own files and labelled as such.

What is built on one shows that the Dockerfile's steps work, not that the official image does.
"""
