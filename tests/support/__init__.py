"""Real parts for tests: a database cluster, a broker, a browser, processes and ports. None ever skips a test."""
