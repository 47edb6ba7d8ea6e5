"""What the pages of plans are made of."""
