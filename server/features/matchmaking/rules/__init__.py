"""The decisions of the matchmaking: words, taxonomy, hard filters, ranking and search; pure functions."""
