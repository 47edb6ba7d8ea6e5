"""A newcomer's first steps."""
