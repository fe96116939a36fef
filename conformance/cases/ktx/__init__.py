"""Cases of KTX. Numbers below 500 are those of spot, from 500 on of perpetuals, from 900 on of rules for either.

Sections cited as ktx§n are those of the venue's specification.
"""
