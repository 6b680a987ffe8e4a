"""The machines that the tests drive; README.md beside this file says what each of them is."""
