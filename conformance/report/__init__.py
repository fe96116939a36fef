"""The outcome of a run as files for people and machines."""
