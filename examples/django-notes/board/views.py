from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from board.models import Note

SHOWN = 50


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ("author", "text")


def board(request: HttpRequest) -> HttpResponse:
    """Show the newest notes, and pin another one."""
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("board")
    return render(request, "board/board.html", {"form": form, "notes": Note.objects.all()[:SHOWN]})
