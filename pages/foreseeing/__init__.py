"""The parts of the forecast's screen."""
