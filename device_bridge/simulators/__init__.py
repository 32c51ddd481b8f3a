"""Robots to rehearse a fair with: motion, tasks and faults as pure f(seed, t), spoken over the real protocols."""
