"""The parts of the Transactions page."""
