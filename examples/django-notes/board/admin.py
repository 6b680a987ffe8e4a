from django.contrib import admin

from board.models import Note


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin):
    list_display = ("created_at", "author", "text")
    search_fields = ("author", "text")
