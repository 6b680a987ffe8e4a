"""The second spec: edits of a spec, each applied over what the first spec had made. `README.md` says how to add one."""
