"""Participants that make a market live: a market maker, takers, arbitrageurs, and a past to look back on.

They trade through the exchange's commands like anybody else. Knows no venue and no socket. All chance comes from streams of
the seed, one for each participant and instrument, and all of it is whole numbers.
"""
