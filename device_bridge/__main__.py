"""`python -m device_bridge`: the same as `fairzone`, for where the script is not in PATH."""

from device_bridge.cli import main

if __name__ == "__main__":
    main(prog_name="fairzone")
