"""Questions that a person writes in SQL: what is offered, what is refused, and the process that answers.

Nothing typed is parsed or run in the app's own process: see `worker.py`, which imports this folder without the rest.
"""
