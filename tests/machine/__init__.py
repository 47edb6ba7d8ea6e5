"""What the tests need of the machine they run on: a real browser, a real PostgreSQL."""
