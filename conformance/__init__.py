"""Checks of trading clients against venues, from outside: everything here takes URLs and keys, and knows no simulator."""
