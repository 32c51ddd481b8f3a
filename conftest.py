"""Makes the real parts available to every test as fixtures: database cluster, broker, browser, child processes."""

pytest_plugins = (
    "tests.support.properties",
    "tests.suite.failures",
    "tests.suite.moments",
    "tests.support.applications",
    "tests.support.processes",
    "tests.support.postgres",
    "tests.support.mosquitto",
    "tests.support.chromium",
    "tests.support.fair_server",
    "tests.support.guarded",
    "tests.support.fair_site",
    "tests.support.hall",
    "tests.support.post_office",
)
