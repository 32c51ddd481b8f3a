"""The server's commands: `fairzone web | worker | db | user | robots | up`."""
