"""The same questions asked of FinTrack, of databases and data frames, and of the programs that people use."""
