"""How property tests run here: they look for wrong answers, and never at how long an answer took."""

import os

import hypothesis
from hypothesis import HealthCheck

# A deadline and the check of slow data measure the machine, which is busy with other things. Where everybody's change
# is judged the examples are the same in every run, so that a newly found fault is not blamed on somebody else's change.
hypothesis.settings.register_profile(
    "fairzone", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("fairzone")
