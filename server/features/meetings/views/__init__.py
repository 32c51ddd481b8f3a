"""The pages of the meetings: free times, one meeting, the diary and the desk."""

from server.features.meetings.views import desk, diary, download, meet, meeting, times
from server.features.meetings.views.blueprint import pages

__all__ = ["desk", "diary", "download", "meet", "meeting", "pages", "times"]
