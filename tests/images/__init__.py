"""The rendered Dockerfiles, built and run by a real engine."""
