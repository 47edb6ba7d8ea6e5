"""The parts of the page of investments and debts."""
