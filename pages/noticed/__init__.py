"""Parts of the Insights page, of the bell and of what wants attention on the overview."""
