"""Real parts for tests: a database cluster, a broker, a browser, processes and ports. None of them ever skips a test."""
