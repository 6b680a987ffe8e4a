import json
import logging

import pytest
from django.core.management import call_command

from board.models import Note
from notes.logs import JsonFormatter

HOST = {"HTTP_HOST": "notes.example.com"}


@pytest.mark.django_db
def test_a_note_is_pinned_and_shown(client):
    assert client.post("/", {"author": "Ada", "text": "<b>Grüße</b>"}, **HOST).status_code == 302
    page = client.get("/", **HOST).content.decode()
    assert "Ada" in page
    assert "&lt;b&gt;Grüße" in page
    assert Note.objects.count() == 1


@pytest.mark.django_db
def test_an_empty_note_is_not_pinned(client):
    answer = client.post("/", {"author": "", "text": ""}, **HOST)
    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    assert not Note.objects.exists()


def test_load_balancers_ask_by_address(client):
    assert client.get("/healthz", HTTP_HOST="10.0.3.7:8000").content == b"ok"
    assert client.get("/", HTTP_HOST="10.0.3.7:8000").status_code == 400


@pytest.mark.parametrize("path", ["board/board.css", "admin/css/base.css"])
def test_static_files_are_served_without_being_collected(client, path):
    answer = client.get(f"/static/{path}", **HOST)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/css")


@pytest.mark.django_db
def test_the_models_have_their_migrations():
    call_command("makemigrations", check=True, dry_run=True)


def test_a_log_line_is_json():
    record = logging.makeLogRecord({"name": "board", "levelname": "ERROR", "msg": "two\nlines"})
    found = json.loads(JsonFormatter().format(record))
    assert (found["severity"], found["message"], found["logger"]) == ("ERROR", "two\nlines", "board")
