"""The formats of other programs, one module each: what they are made of, and nothing of where it comes from."""
