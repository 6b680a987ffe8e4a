"""The functions behind the rules, one file an area; `standin.rules` is the table that names them."""
