"""Cases of the trading gateway: one WebSocket for orders on many platforms. Source: the gateway's specification, cited as gw§n.

They name platforms by what they are for; the facts say which these are, and which venue stands behind them.
"""
