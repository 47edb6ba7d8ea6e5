"""The parts of the settings: who you are, how you sign in, where you are signed in, what happened, your data."""
