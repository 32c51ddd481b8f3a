"""The contract between bridge and server: the report, its batch and its topics. Imports msgspec and nothing else."""
