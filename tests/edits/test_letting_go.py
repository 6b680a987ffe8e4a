"""`--forget`: what is let go without destroying it, and how long that is remembered."""

from __future__ import annotations

from edits.conftest import Life

DATABASE = "storage.databases.orders-db"
BUCKET = "storage.buckets.assets"
USED = {"containers.worker.connects_to": ["sessions", "assets", "jobs:consume"]}
SERVER = {"aws": "aws_db_instance.orders_db", "gcp": "google_sql_database_instance.orders_db"}
STANDS_ON = {"aws": "aws_db_subnet_group.main", "gcp": "google_service_networking_connection.services"}


def let_go(life: Life) -> str:
    """Let the database go, and return the file that says so."""
    life.edit(USED, "--forget", DATABASE, remove=(DATABASE,))
    assert life.code == 0, life.said
    return (life.tree / "removed.tf").read_text()


def test_a_part_leaves_with_all_that_it_stands_on(life: Life) -> None:
    text = let_go(life)
    assert f"  from = {SERVER[life.target]}\n" in text
    assert f"  from = {STANDS_ON[life.target]}\n" in text
    assert "from = data." not in text
    assert "ephemeral." not in text
    assert text.count("    destroy = false\n") == text.count("removed {\n")
    rendered = "".join(path.read_text() for path in life.tree.glob("*.tf") if path.name != "removed.tf")
    for line in text.splitlines():
        if line.startswith("  from = "):
            kind, _, label = line.removeprefix("  from = ").partition(".")
            assert f'resource "{kind}" "{label}"' not in rendered


def test_what_is_shared_stays_while_another_one_needs_it(life: Life) -> None:
    life.edit({"storage.databases.stock-db": {}})
    assert STANDS_ON[life.target] not in let_go(life)
    life.edit({}, "--forget", "storage.databases.stock-db", remove=("storage.databases.stock-db",))
    text = (life.tree / "removed.tf").read_text()
    assert text.count(f"  from = {STANDS_ON[life.target]}\n") == 1
    assert SERVER[life.target] in text


def test_the_same_spec_keeps_the_bytes(life: Life) -> None:
    let_go(life)
    before = life.snapshot()
    life.run("render", "-t", life.target)
    assert life.code == 0
    assert life.snapshot() == before
    life.run("render", "-t", life.target, "--forget", DATABASE)
    assert life.code == 0
    assert life.snapshot() == before


def test_other_edits_keep_it(life: Life) -> None:
    text = let_go(life)
    life.edit({"labels": {"team": "shop"}})
    assert (life.tree / "removed.tf").read_text() == text


def test_it_ends_when_destruction_is_asked_for(life: Life) -> None:
    let_go(life)
    life.run("render", "-t", life.target, "--allow-destroy", DATABASE)
    assert life.code == 0
    assert not (life.tree / "removed.tf").exists()
    assert "let_go" not in life.record


def test_what_is_in_the_spec_again_is_told(life: Life) -> None:
    let_go(life)
    said = life.edit({DATABASE: {"version": "16"}})
    assert life.code == 0
    assert "warning[edit-let-go-before]: database orders-db was let go and is in the spec again" in said
    assert not (life.tree / "removed.tf").exists()
    assert "edit-" not in life.run("render", "-t", life.target)


def test_what_the_spec_has_cannot_be_let_go(life: Life) -> None:
    said = life.run("render", "-t", life.target, "--forget", DATABASE)
    assert life.code == 1
    assert "error[edit-still-there]: database orders-db cannot be let go while the spec has it" in said
    assert "cloudgen.yaml:" in said


def test_the_state_bucket_is_let_go_and_never_destroyed(life: Life) -> None:
    life.edit({"state": {"backend": "local"}}, "--allow-destroy", "state.backend")
    assert life.code == 1
    life.run("render", "-t", life.target, "--forget", "state.backend")
    assert life.code == 0
    assert "_bucket.state\n" in (life.tree / "bootstrap" / "removed.tf").read_text()
    assert not (life.tree / "removed.tf").exists()


def test_a_module_that_goes_as_a_whole_destroys_nothing(life: Life) -> None:
    life.edit({"monitoring.audit": True})
    assert (life.tree / "account").is_dir()
    said = life.edit({"monitoring.audit": False}, "--allow-destroy", "monitoring.audit")
    assert life.code == 1
    assert "--forget monitoring.audit" in said
    assert "terraform -chdir=account destroy" in said
    life.run("render", "-t", life.target, "--forget", "monitoring.audit")
    assert life.code == 0
    assert not (life.tree / "account").exists()


def test_the_zone_that_terraform_made(life: Life) -> None:
    web = {"containers.web": {"port": 8000, "image": "nginx:1.29"}}
    entrance = {"domain": "shop.example.com", "create_zone": True, "dns_zone": "shop.example.com"}
    life.edit({**web, "load_balancer": entrance})
    assert life.code == 0
    said = life.edit({"load_balancer": {"domain": "shop.example.com"}})
    assert life.code == 1
    assert "--forget load_balancer.create_zone" in said
    said = life.edit({"load_balancer": {**entrance, "domain": "a.example.org", "dns_zone": "a.example.org"}})
    assert life.code == 1
    assert "zone shop.example.com becomes a.example.org, which destroys its delegation" in said
