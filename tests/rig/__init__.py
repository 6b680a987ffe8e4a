"""The rig: clouds that are made up, and the lives that rendered modules have on them."""
