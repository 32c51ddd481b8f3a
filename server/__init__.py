"""The service of the zone: pages, interface, live feed and scheduler."""
