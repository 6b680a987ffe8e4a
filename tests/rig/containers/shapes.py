"""Small applications in the shapes of other people's repositories.

Each answers at /healthz with the value that only a right build makes.
"""

from __future__ import annotations

from collections.abc import Mapping

from rig.containers.shape import Shape
from rig.containers.shapes_of_images import OF_IMAGES
from rig.containers.shapes_of_locks import OF_LOCKS
from rig.containers.shapes_of_pip import OF_PIP

SHAPES: Mapping[str, Shape] = {**OF_PIP, **OF_LOCKS, **OF_IMAGES}
