from base import *
SID = "3ae985ff-cadd-9c96-7a42-4ed29e77f83b"
HEAD = F("", "S:n T:s channel:s")
def channel(name, section, spec, chan, sub, frames, fields, notes=(), decided=(), login=False, cadence="on change, at least 100 ms apart", **kw):
    rid = f"ws/{name}"
    doc = kw.pop("document", DOC)
    write(rid, section, spec, document=doc, channel=chan, login=login, cadence=cadence,
      subscribe=[{"id": f"{rid}.subscribe.{i}", **s} for i, s in enumerate(sub, 1)],
      frames=[{"id": f"{rid}.frame.{i}", **f} for i, f in enumerate(frames, 1)], fields=fields, **kw, notes=list(notes), decided=list(decided))
def fr(frame, provenance="published", **more): return {"provenance": provenance, **more, "frame": frame}
def sub(channels, i=1, provenance="published", **more):
    return {"provenance": provenance, "frame": {"op": "SUB", "channel": channels, **more, "id": i}}
OLD = "official page of 2021 (cs§9)"
full = {"S": 15, "T": "trade", "data": [
 {"channel": "28@trade", "price": "384.32", "tradeId": 21704, "seq": 10157, "ts": 1612685697087, "takerSide": "BULL", "time": 1612685697, "volume": "2", "symbol": "BTCJJ", "instrumentId": 28},
 {"channel": "28@trade", "price": "644.96", "tradeId": 21705, "seq": 10158, "ts": 1612685698157, "takerSide": "SELL", "time": 1612685698, "volume": "1.1932988", "symbol": "BTCJJ", "instrumentId": 28}]}
TF = "channel:s? price:s? tradeId:n? seq:n? ts:n? takerSide:s? time:n? volume:s? symbol:s? instrumentId:n?"
channel("trade", "逐笔交易", "cs§9.4", "<symbol>@trade",
 [sub(["28@trade"], param={"size": 2})], 
 [fr(full, shows="first frame"),
  fr({"S": 4, "T": "trade", "channel": "80004@trade", "time": 1604040975, "price": "9811.7494086", "takerSide": "SELL", "tradeId": 26461, "volume": "7.505", "symbol": "EOSUSD", "instrumentId": 80004}, shows="transcript, without seq and ts"),
  fr({"S": 16, "T": "trade", "channel": "88066@trade", "instrumentId": 88066, "symbol": "USDTBTC", "tradeId": 12345, "takerSide": "BUY", "price": "0.001", "volume": "100", "time": 123456785, "ts": 1612685313400, "seq": 9935}, "inferred", source="the published body in the envelope of the transcript")],
 F("", "S:n T:s") + F("", TF) + F("data[].", TF),
 ["The first frame holds rows in data, ascending by seq; a note of 2021 says descending. Then flat rows.", "It comes without param.size as well.", "takerSide BULL of the example is test data."],
 [D("rows of the first frame", "param.size, by default 20.", "cs§9.4", "proposed"), D("takerSide", "BUY or SELL only.", "cs§9.4", "inferred")],
 published_bodies=[{"id": "ws/trade.body.1", "provenance": "published", "body": {"instrumentId": 88066, "symbol": "USDTBTC", "tradeId": 12345, "takerSide": "BUY", "price": "0.001", "volume": "100", "time": 123456785, "ts": 1612685313400, "seq": 9935}}])
kbody = {"instrumentId": 88066, "startTime": 1603732500, "endTime": 1603732559, "symbol": "USDTBTC", "interval": "1m", "firstTradeId": 100, "lastTradeId": 200, "open": "0.0010", "close": "0.0020", "high": "0.0025", "low": "0.0015", "volume": "1000", "amount": "1.0000"}
item = {"interval": "min_1", "startTime": 1603766280, "endTime": 1603766339, "lastTradeId": 4739656, "firstTradeId": 4739656, "close": "4.91", "open": "4.91", "high": "4.91", "low": "4.91", "volume": "8.488", "amount": "41.67608"}
KF = "interval:s startTime:n endTime:n firstTradeId:n lastTradeId:n open:s close:s high:s low:s volume:s amount:s"
channel("kline", "K线 Streams; K线 Request", "cs§9.4", "<symbol>@kline@<interval>",
 [sub(["4@kline@min_1"]), {"provenance": "published", "frame": {"op": "REQ", "param": {"channel": "4@kline@min_1", "endTime": None, "limit": 200}, "id": 1}},
  {"provenance": "historical", "source": OLD, "frame": {"op": "REQ", "param": {"channel": "88066@kline@min_1", "limit": 10}, "id": 1}}],
 [fr({"S": 4, "T": "kline", "channel": "88066@kline@min_1", **{**kbody, "interval": "min_1"}}, "inferred", source="the published body in the envelope of the transcript, interval as in the channel")],
 HEAD + F("", "instrumentId:n symbol:s") + F("", KF),
 ["The newest candle, each second. Times in seconds.", "REQ: limit up to 200; endTime is exclusive, in seconds.", "mon_1 is in the English and older pages only."],
 [D("interval 1m of the example", "The token of the channel, min_1.", "cs§9.4", "inferred"), D("answer to REQ", "echo, then the answer with S and T kline, ascending; a larger limit counts as 200.", "cs§9.4", "proposed")],
 cadence="each second",
 intervals=["min_1", "min_5", "min_15", "min_30", "hour_1", "hour_4", "hour_12", "day_1", "week_1"],
 published_bodies=[{"id": "ws/kline.body.1", "provenance": "published", "body": kbody}, {"id": "ws/kline.body.2", "provenance": "published", "answers": "REQ", "body": {"channel": "88066@kline@min_1", "symbol": "USDTBTC", "instrumentId": 88066, "item": [item]}}],
 request_frames=[{"id": "ws/kline.request.1", "provenance": "proposed", "source": "the published answer in the envelope of pushes", "frame": {"S": 5, "T": "kline", "channel": "88066@kline@min_1", "symbol": "USDTBTC", "instrumentId": 88066, "item": [item]}}])
tb = {"instrumentId": 88066, "symbol": "USDTBTC", "open": "0.0010", "high": "0.0025", "low": "0.0010", "close": "0.0025", "volume": "10000", "amount": "18"}
channel("ticker", "按 Symbol 的 Ticker信息", "cs§9.4", "<symbol>@ticker", [sub(["4@ticker"])],
 [fr({"S": 4, "T": "ticker", "channel": "88066@ticker", **tb}, "inferred", source="the published body in the envelope of the transcript")],
 HEAD + F("", "instrumentId:n symbol:s open:s high:s low:s close:s volume:s amount:s"), ["volume counts base, amount quote currency, both of 24 hours."], published_bodies=[{"id": "ws/ticker.body.1", "provenance": "published", "body": tb}])
channel("tickers", "全市场所有Symbol 的 Ticker信息", "cs§9.4", "!@ticker", [sub(["!@ticker"], provenance="historical")],
 [fr({"S": 4, "T": "ticker", "data": [
  {"channel": "80002@ticker", "open": "9996.24", "high": "10048.6601", "low": "9768.90178", "close": "9833.12538", "volume": "3362.405", "amount": "33212664.57170620732", "symbol": "BTCUSD", "instrumentId": 80002},
  {"channel": "80001@ticker", "open": "10001.57", "high": "10053.9441", "low": "9816.23078", "close": "9832.91038", "volume": "3138.93361771", "amount": "31040843.0757471861414", "symbol": "ETHUSD", "instrumentId": 80001}]}, "historical", source=OLD + "; S and T added")],
 F("", "S:n T:s") + F("data[].", "channel:s open:s high:s low:s close:s volume:s amount:s symbol:s instrumentId:n"), ["Dropped from the present Chinese page, still in the English one."], document=DOC + "; page of 2021")
channel("depth", "深度信息", "cs§9.4", "<symbol>@depth@<levels>", [sub(["4@depth@20"]), sub(["btcusdt@ticker", "btcusdt@depth"])],
 [fr({"S": 4, "T": "depth", "channel": "4@depth@5", "level": 5, "instrumentId": 4, "symbol": "BTCUSDT", "b": [["41991.5", "0.548567", 1], ["41991", "0.013168", 1]], "a": [["41995", "0.018144", -1], ["41995.5", "0.008279", -1]]}, "inferred", source="levels of the REST example; triples and whole books as two clients read them (cs§9.4)")],
 HEAD + F("", "level:n instrumentId:n symbol:s b[][0]:s b[][1]:s b[][2]:n a[][0]:s a[][1]:s a[][2]:n"),
 ["Each frame is the whole book of N levels: no deletions, no checksum.", "levels: 5, 10, 20, 50, 100; without levels in the document's example and in clients."],
 [D("channel without levels", "20 levels.", "cs§9.3", "proposed"), D("pair id or symbol", "Either; the channel comes back as it was subscribed.", "cs§13", "third_party", 22), D("first frame", "Right after SUB.", "cs§9.4", "proposed")],
 cadence="100 ms or 1 s", levels=["5", "10", "20", "50", "100"],
 published_bodies=[{"id": "ws/depth.body.1", "provenance": "published", "why": "pairs without a flag, called updates: live frames are otherwise", "body": {"level": 5, "instrumentId": 88066, "symbol": "BTCUSDT", "b": [["0.0024", "10"]], "a": [["0.0026", "100"]]}}])
LOGIN = {"op": "login", "channel": ["spot_asset"], "auth": {"token": "mockex-key", "type": "apikey", "expires": 1629291143107, "signature": "551d001fb59ed3ce8e933a87df1b0c1b34ec7baf44c91d7f672fd7509add6961"}, "params": {}}
def login(ch): return {"provenance": "historical", "source": "page before 2023-11-16 (cs§9.5)", "frame": {**LOGIN, "channel": [ch]}}
PRIV = dict(login=True, document="official pages of 2021 and before 2023-11-16")
channel("account", "账户", "cs§9.5", "<currency>@account", [sub(["!@account"], provenance="historical")],
 [fr({"S": 4, "T": "account", "channel": "BTC@account", "accountId": 12, "currency": "BTC", "frozen": "21.03", "available": "3128.29", "timestamp": 1602493840}, "historical", source=OLD + "; envelope added")],
 HEAD + F("", "accountId:n currency:s frozen:s available:s timestamp:n"), ["!@account: all currencies. timestamp in seconds."], **PRIV)
channel("order", "成交", "cs§9.5", "<symbol>@order", [sub(["!@order"], provenance="historical")],
 [fr({"S": 4, "T": "order", "channel": "4@order", "version": 12, "accountId": 1, "ordId": 12, "symbol": "BTCUSDT", "side": "BUY", "ordType": "LIMIT", "timeInForce": "GTC", "ordPrice": "128.21", "ordQty": "11.21", "ordAmt": "231.2", "ordState": "PARTIAL_FILLED", "execQty": "12.2", "execAmt": "312.12", "remainingQty": "1.2", "matchId": 12, "tradeId": 123, "matchRole": "TAKER", "matchQty": "1.9", "matchAmt": "390.29", "selfDealingQty": "1.9", "actualFeeRate": "0.002", "feeCurrencyId": 12, "fee": R("0.21"), "timestamp": 1602493840}, "historical", source=OLD + "; envelope added")],
 HEAD + F("", "version:n accountId:n ordId:n symbol:s side:s ordType:s timeInForce:s ordPrice:s ordQty:s ordAmt:s ordState:s execQty:s execAmt:s remainingQty:s matchId:n tradeId:n matchRole:s matchQty:s matchAmt:s selfDealingQty:s actualFeeRate:s feeCurrencyId:n fee:D timestamp:n"),
 ["!@order: all pairs. version increases. timestamp in seconds. No clOrdId.", "execQty, execAmt and remainingQty are totals; matchId to fee are of the present match and mean something if matchQty is above 0."], **PRIV)
channel("spot_asset", "登陆", "cs§9.5", "spot_asset", [login("spot_asset")],
 [fr({"S": 4, "T": "spot_asset", "assets": [{"symbol": "USDT", "available": "13297.94999", "frozen": "0.05001", "btcValuation": "0.3166", "usdValuation": "13298"}]}, "proposed", source="assets, symbol, btcValuation and usdValuation are read by one connector; available and frozen are ours")],
 F("", "S:n T:s") + F("assets[].", "symbol:s available:s frozen:s btcValuation:s usdValuation:s"), ["Other fields are unknown."], **PRIV)
V2 = {"baseCurrency": "A123", "quoteCurrency": "USDT", "side": "BUY", "cumQty": "0", "ordId": 1758065956225025, "clOrdId": "tLCGVA4g19zuEBwsITXi9g3U624Al0Bw", "ordType": "LIMIT", "ordQty": "10", "cumAmt": "0", "accountId": 1134912, "timeInForce": "GTC", "ordPrice": "100", "leavesQty": "10", "avgPrice": "0", "ordStatus": "SUBMITTED", "symbol": "A123USDT", "timestamp": 1676622290389}
channel("spot_order", "登陆", "cs§9.5", "spot_order", [login("spot_order")],
 [fr({"S": 4, "T": "spot_order", "orderVoList": [V2]}, "proposed", source="orderVoList, ordId, clOrdId, ordStatus and timestamp are read by one connector; the row is the published one of active v2")],
 F("", "S:n T:s") + F("orderVoList[].", "baseCurrency:s quoteCurrency:s side:s cumQty:s ordId:n clOrdId:s ordType:s ordQty:s cumAmt:s accountId:n timeInForce:s ordPrice:s leavesQty:s avgPrice:s ordStatus:s symbol:s timestamp:n"), ["Rows as in active v2."], **PRIV)
def ex(name, client, server, provenance="published", **more):
    return {"id": f"ws/operations.{name}", "provenance": provenance, **more, "client": client, "server": server}
ECHO = lambda s, cmd: {"S": s, "T": "echo", "sid": SID, "C": 200, "M": "command.received", "echo": cmd}
RESP = lambda s, m, c=200, **k: {"S": s, "T": "resp", "sid": SID, "C": c, "M": m, **k}
EST = {"S": 1, "T": "resp", "sid": SID, "C": 200, "M": "established"}
def chan(name, kind, inst, start=1604040964, auth="PUB"): return {"name": name, "type": {"name": kind, "auth": auth}, "instrumentId": inst, "lifeStartTime": start, "msgCount": 0, "pub": True}
write("ws/operations", "实时订阅/取消数据流; Example", "cs§9.1, cs§9.2, cs§9.5", document=DOC + "; page before 2023-11-16", exchanges=[
 ex("established", [], [EST]),
 ex("sub", [{"op": "SUB", "channel": ["80004@trade"], "id": 1}], [ECHO(2, {"op": "SUB", "channel": [chan("80004@trade", "trade", "80004")], "id": 1}), RESP(3, "sub.channel.success")]),
 ex("sub-two", [{"op": "SUB", "channel": ["btcusdt@ticker", "btcusdt@depth"], "id": 1}], [ECHO(2, {"op": "SUB", "channel": [chan("btcusdt@ticker", "ticker", "4"), chan("btcusdt@depth", "depth", "4")], "id": 1}), RESP(3, "sub.channel.success")], "inferred", source="the request is published"),
 ex("unsub", [{"op": "UNSUB", "channel": ["btcusdt@depth"], "id": 312}], [ECHO(6, {"op": "UNSUB", "channel": [chan("btcusdt@depth", "depth", "4")], "id": 312}), RESP(7, "unsub.channel.success")], "proposed", source="the request is published"),
 ex("list", [{"op": "LIST", "channel": [], "id": 3}], [ECHO(11, {"op": "LIST", "channel": [], "id": 3}), {"S": 12, "T": "resp", "subs": [{"name": "80004@trade", "type": {"name": "trade", "auth": "PUB"}, "instrumentId": "80004", "lifeStartTime": 1604043594, "msgCount": 212}], "sid": "b1beeb73-7c84-862f-3d03-619de1e1a5dc"}], notes=["The echo is inferred; request and answer are published. No C, M, id or pub."]),
 ex("login", [LOGIN], [ECHO(2, {**LOGIN, "channel": [{"name": "spot_asset"}]}), RESP(3, "login.success")], "proposed", vector="signing.ws-login", source="the request is of the page before 2023-11-16; one connector tests login.success"),
 ex("login-refused", [{**LOGIN, "auth": {**LOGIN["auth"], "signature": "wrong"}}], [RESP(3, "login.failed", 401)], "proposed"),
 ex("login-2021", [{"op": "LOGIN", "channel": ["7@account", "80002@order"], "auth": {"user-id": 4930, "token": "eb737c84862f3d", "type": "token"}, "id": 2}], [], "historical", source="page of 2021"),
 ], notes=["instrumentId is a string in echo and LIST, a number in data.", "lifeStartTime is in seconds.", "op in any case: login is used in lower case.", "id comes back in the echo only; the resp that follows has none.", "Neither {} nor the bare text pong may disconnect: a published connector sends both."],
 decided=[D("commands in any case", "Accepted.", "cs§9.2", "proposed"), D("UNSUB of a channel that is not subscribed", "Succeeds.", "cs§9.2", "proposed")])
def err(name, client, code, slug, when, **k): return {"id": f"ws/errors.{name}", "provenance": "proposed", "when": when, "client": client, "code": code, "message": slug, **k}
write("ws/errors", "not in the document", "cs§9.2", frame_shape={"S": 5, "T": "resp", "sid": SID, "C": 404, "M": "sub.channel.failed", "payload": "4@nothing"}, errors=[
 err("not-json", [], 400, "command.invalid", "not JSON", text="{op:SUB}", echo=False),
 err("unknown-op", [{"op": "NOPE", "channel": [], "id": 1}], 400, "op.unsupported", "unknown op"),
 err("unknown-channel", [{"op": "SUB", "channel": ["4@nothing"], "id": 1}], 404, "sub.channel.failed", "bad or unknown channel", payload="4@nothing"),
 err("partly-unknown", [{"op": "SUB", "channel": ["4@trade", "4@nothing"], "id": 1}], 404, "sub.channel.failed", "one bad channel among good ones, which are subscribed", payload="4@nothing"),
 err("before-login", [{"op": "SUB", "channel": ["spot_asset"], "id": 1}], 401, "unauthorized", "private channel before the login", payload="spot_asset"),
 err("bad-login", [{**LOGIN, "auth": {**LOGIN["auth"], "signature": "wrong"}}], 401, "login.failed", "login with a wrong signature")],
 notes=["No source shows an error frame: all are proposed. The socket stays open."], decided=[])
write("ws/framing", "Websocket行情数据 > 简介; Pong", "cs§9", encoding={"server": "text, JSON", "client": "text, JSON", "compression": "none"},
 sequence={"provenance": "published", "field": "S", "first": 1, "step": 1, "counts": "every frame of the server, also echo and resp", "restarts": "with each connection"},
 sequences=[
  {"id": "ws/framing.sequence.whole", "provenance": "published", "S": [1, 2, 3, 4], "lost": []},
  {"id": "ws/framing.sequence.gap", "provenance": "computed", "S": [1, 2, 3, 5, 6], "lost": [4]},
  {"id": "ws/framing.sequence.repeat", "provenance": "computed", "S": [1, 2, 2, 3], "lost": []},
  {"id": "ws/framing.sequence.start", "provenance": "computed", "S": [3, 4], "lost": [1, 2]}],
 heartbeat={"provenance": "published", "server_ping_ms": "180000", "pong_within_ms": "600000", "closes_with": 1000, "closes_with_label": "proposed"},
 pongs=[{"id": "ws/framing.pong.frame", "provenance": "published", "kind": "frame", "what": "pong frame of RFC 6455"},
  {"id": "ws/framing.pong.message", "provenance": "published", "kind": "message", "client": {"op": "pong", "epochMillis": 1604040975}},
  {"id": "ws/framing.pong.message-ms", "provenance": "third_party", "kind": "message", "client": {"op": "pong", "epochMillis": 1604040975123}},
  {"id": "ws/framing.pong.bare", "provenance": "third_party", "kind": "text", "text": "pong", "effect": "must not disconnect"}],
 life={"provenance": "published", "longest_ms": "86400000", "closes_with": 1001, "closes_with_label": "proposed"},
 notes=["epochMillis of the example is in seconds; clients send milliseconds, every 5 to 300 s.", "Pongs that answer no ping are allowed."],
 decided=[D("answer to a JSON pong", "None; any pong restarts the ten minutes.", "cs§9", "proposed"), D("JSON ping of the server", "Not sent.", "cs§9", "unverified")])
