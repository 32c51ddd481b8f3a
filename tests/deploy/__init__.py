"""The build hook, the pins and the provisioning scripts."""
