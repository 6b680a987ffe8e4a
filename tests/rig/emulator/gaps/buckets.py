"""S3: emptying a bucket."""

from __future__ import annotations

from moto.s3.models import FakeDeleteMarker


def mend_delete_markers() -> None:
    """Let delete markers be deleted; moto frees them as if they were objects, which hold a file."""

    def dispose(self: FakeDeleteMarker) -> None:
        """A marker holds nothing."""

    FakeDeleteMarker.dispose = dispose
