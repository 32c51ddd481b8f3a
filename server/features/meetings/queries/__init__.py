"""Reads of the meetings: one, a diary, what waits for an answer, and the free times of an exhibitor."""

from server.features.meetings.queries.listing import When, count_days, count_diary, diary, find_meeting, open_requests
from server.features.meetings.queries.slots import slots, slots_to_move

__all__ = ["When", "count_days", "count_diary", "diary", "find_meeting", "open_requests", "slots", "slots_to_move"]
