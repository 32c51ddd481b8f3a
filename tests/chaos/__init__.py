"""`make chaos`: numbered reports over every protocol while everything is killed, then the proof of the ledger."""
