"""The functions behind the rules, one file an area; `rig.standin.gcp.rules` is the table that names them."""
