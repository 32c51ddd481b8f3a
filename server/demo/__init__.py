"""The demo: the invented fair and its zone on one machine. Nothing of a real hall imports anything of it."""
