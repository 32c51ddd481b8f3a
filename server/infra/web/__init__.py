"""What speaks HTTP for all features: guards, sessions, CSRF, headers, error pages, languages."""
