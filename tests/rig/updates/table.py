"""The table of edits, by topic."""

from __future__ import annotations

from rig.updates.edit import Edit
from rig.updates.table_containers import CONTAINERS
from rig.updates.table_data import DATA, FOUNDATION
from rig.updates.table_entrance import ENTRANCE

EDITS: tuple[Edit, ...] = (*ENTRANCE, *CONTAINERS, *DATA, *FOUNDATION)
