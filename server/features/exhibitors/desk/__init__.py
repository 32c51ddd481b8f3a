"""The exhibitor's own pages below `/desk`: profile, products, people with their hours, robots."""
