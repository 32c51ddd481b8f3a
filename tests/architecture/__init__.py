"""The architecture as tests: which layer may import which, what no code may do, and the shape that functions keep."""
