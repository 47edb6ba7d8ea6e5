"""The parts of the Analytics screen: one file a view."""
