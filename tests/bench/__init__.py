"""The benchmark: ratios against the library's own limit, all measured in one run (`python -m tests.bench`)."""
