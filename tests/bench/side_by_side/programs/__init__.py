"""The programs that people keep their money with, each asked the way it is meant to be asked."""
