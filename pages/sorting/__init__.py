"""The parts of the screen of categories and rules."""
