"""The parts of the Accounts page: linking, connections, and the dialogs on accounts."""
