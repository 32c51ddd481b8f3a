"""The only home of plumbing: database, change feed, outbox, languages, web, scheduler."""
