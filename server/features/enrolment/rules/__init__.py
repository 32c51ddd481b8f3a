"""Who may speak for a robot, and how that is proved: decisions without a clock, a database or a broker."""
