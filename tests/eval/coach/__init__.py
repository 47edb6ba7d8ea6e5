"""The coach without a key, asked in plain words: what it learns from, what it is judged by."""
