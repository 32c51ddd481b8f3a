"""What the engineer of a booth does with the bridge: run it, check it, look at it, pack it for a machine."""
