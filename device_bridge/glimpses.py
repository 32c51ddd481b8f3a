"""Where robots are between two reports: only the newest of each, in memory alone, for whoever forwards them.

A glimpse that the server does not get is followed by a newer one; so none waits on a disk, and none is sent again.
"""

import threading

from device_bridge.wire.batch import RobotGlimpse


class LatestGlimpses:
    """Holds at most one glimpse a robot; one thread puts, another takes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, RobotGlimpse] = {}

    def put(self, glimpse: RobotGlimpse) -> None:
        """Put up a glimpse in the place of the robot's last one."""
        with self._lock:
            self._newest[glimpse.robot] = glimpse

    def take(self, limit: int) -> tuple[RobotGlimpse, ...]:
        """Take down so many."""
        with self._lock:
            robots = list(self._newest)[:limit]
            return tuple(self._newest.pop(robot) for robot in robots)
