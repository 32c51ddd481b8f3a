"""The tests of FairZone: they mirror the source, and drive real parts wherever one exists."""
