"""The doors to HTTP that all features share: guards, sessions, CSRF, headers, error pages, languages."""
