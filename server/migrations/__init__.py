"""The history of the schema, one file a step. New steps: `fairzone db revision "what changes"`, then read them."""
