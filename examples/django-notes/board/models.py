from django.db import models


class Note(models.Model):
    """A note on the board."""

    author = models.CharField(max_length=100)
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"
