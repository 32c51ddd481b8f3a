"""Other people's robots: programs that we did not write, for tests of what the standards mean to others."""
