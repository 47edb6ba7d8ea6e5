"""Measures how good what FinTrack finds is, against files that say what is right."""
