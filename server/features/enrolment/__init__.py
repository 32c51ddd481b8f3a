"""Enrolment: credentials with which robots and booths' bridges prove who they are."""

from server.features.enrolment.handlers import outside_jobs_of
from server.features.enrolment.jobs import JOBS
from server.features.enrolment.service import booth_bridge
from server.features.enrolment.views import pages
from server.infra.feature import Feature

FEATURE = Feature(
    name="enrolment", blueprints=(pages,), bearer=booth_bridge, jobs=JOBS, outside_jobs_of=outside_jobs_of
)
