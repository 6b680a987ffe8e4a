"""The programs that some tests run, found and called."""
