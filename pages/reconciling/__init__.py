"""The parts of the Reconcile page: what is on a statement, and the statements of before."""
