"""`python -m device_bridge`: the command `fairzone`, for installations without its script."""

from device_bridge.cli import main

main()
