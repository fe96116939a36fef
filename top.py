from base import *
SECRET, EXP = "mockex-secret", "1629291143107"
KEY = "e0354b89c12327fb2498390a61423d75538fc72138ac9051a2ec856f464b74e1"
COMPACT = '{"symbol":"aaaa88","side":"SELL","ordType":"LIMIT","ordPrice":2,"ordQty":1,"timestamp":1627384801051}'
SPACED = json.dumps(json.loads(COMPACT))
def h(k, p): return hmac.new(k.encode(), p.encode(), hashlib.sha256).hexdigest()
def raw(p): return hmac.new(hmac.new(SECRET.encode(), b"54309704", hashlib.sha256).digest(), p.encode(), hashlib.sha256).hexdigest()
def vec(name, method, query, body, sign, surface="rest", prov="computed", **more):
    return {"id": f"signing.{name}", "spec": "cs§3.2", "provenance": prov, "surface": surface, "secret": SECRET, "expires": EXP, "bucket": "54309704", "key": KEY, **({"method": method, "query": query, "body": body} if surface == "rest" else {}), "payload": query + body, "signature": sign, **more}
V = [
 vec("get", "GET", "symbol=aaaa88&size=10", "", "3e5bab04e3a29b289f1444d41532c0ae4251aea9ff93b8aa7b79429dfb0ccb9e"),
 vec("post-compact", "POST", "", COMPACT, "f5e858a4807c9b38902d8c82beef10cfdd37b527bd7a191b7947c0e81b9c74c9"),
 vec("post-spaced", "POST", "", SPACED, "caaeefc3ed1269450ecc8d6dd3477f252837654c680e6382e00358763fd95aff"),
 vec("mixed", "POST", "symbol=aaaa88&size=10", COMPACT, "cb2758c20f77c88cd8d04c3b23b8554c14196fa5d9b2c64437e603c94af783b4"),
 vec("get-empty", "GET", "", "", "c3187186763a3614b6f1107d6c7b3f08c57968b317c2d5b0c73b74282a30ee01"),
 vec("post-empty-object", "POST", "", "{}", "f7cf1f3e9ad3813df142751cf4b9bfb75c1b57d50472759af70667f30370a497"),
 vec("get-with-body", "GET", "symbol=BTCUSDT", "{}", "22813eb06e2080d2d505f695b611ad61acab7f295cc5a26d6c3d032acf56df22", notes=["runahead-team sends {} on every GET."]),
 vec("get-order-info", "GET", "ordId=1780715084580128", "", "baeece1522efce7699197117a508b3d868b3a94189a3f95f70f348f0583ce6ad"),
 vec("ws-login", "", "", "1629291143107", "551d001fb59ed3ce8e933a87df1b0c1b34ec7baf44c91d7f672fd7509add6961", surface="websocket"),
 {"id": "signing.independent", "spec": "cs§3.2", "provenance": "third_party", "source": "zhuco/rustcta, test of its signer", "surface": "rest", "secret": "test-secret", "expires": "1717171717171", "bucket": "57239057", "key": "b1fdd49232848231137d46bb2ac808fd549722d988874003e7dd06e1499776c3", "method": "POST", "query": "symbol=BTCUSDT", "body": '{"price":"100","quantity":"0.01"}', "payload": 'symbol=BTCUSDT{"price":"100","quantity":"0.01"}', "signature": "c7809f64f79937ee7eb5be1a1a084315f05bdf5a065e608a7438cd787f3a755f"},
]
assert raw("{}").startswith("53d51f01") and raw("{}").endswith("b28c51c")
k3, k5 = h(SECRET, "54309703"), h(SECRET, "54309705")
assert k3.startswith("dce6e046") and k5.startswith("f7c75680")
def refused(name, why, signed, right, signature=None, spec="cs§3.1", **more):
    return {"id": f"signing.refused.{name}", "spec": spec, "provenance": "computed", "why": why, "secret": SECRET, "expires": EXP, **more, "signed_payload": signed, "signature": signature or h(KEY, signed), "right_payload": right, "right_signature": h(KEY, right)}
PAGE = COMPACT.replace(',"timestamp"', ', "timestamp"')
write("signing", "签名认证", "cs§3",
 scheme={"payload": "query as on the wire, without ?, then the body as on the wire; nothing between", "bucket": "decimal text of floor(X-CS-EXPIRES / 30000)", "key": "lower-case hex of HMAC-SHA256(secret, bucket)", "signature": "lower-case hex of HMAC-SHA256(key as its 64 characters, payload)", "matrix": "matrix parameters of the path are not signed"},
 headers=[{"name": "X-CS-APIKEY", "holds": "the access key"}, {"name": "X-CS-EXPIRES", "holds": "the moment of sending, 13 digits, Unix milliseconds"}, {"name": "X-CS-SIGN", "holds": "the signature"}, {"name": "Content-Type", "holds": "application/json"}],
 ignored_headers=["exch-language", "Accept", "Connection"],
 vectors=V,
 buckets=[{"id": "signing.bucket.before", "expires": "1629291119999", "bucket": "54309703", "key": k3, "provenance": "computed", "spec": "cs§3.2"},
  {"id": "signing.bucket.first", "expires": "1629291120000", "bucket": "54309704", "key": KEY, "provenance": "computed", "spec": "cs§3.2"},
  {"id": "signing.bucket.last", "expires": "1629291149999", "bucket": "54309704", "key": KEY, "provenance": "computed", "spec": "cs§3.2"},
  {"id": "signing.bucket.after", "expires": "1629291150000", "bucket": "54309705", "key": k5, "provenance": "computed", "spec": "cs§3.2"}],
 refused=[refused("raw-digest", "the second pass keyed with the 32 bytes of the digest", "{}", "{}", raw("{}"), "cs§3.2", digest_key=True),
  refused("reserialised", "the body is sent compact and signed with spaces", SPACED, COMPACT),
  refused("page-text", "the signing page prints a payload with a space that its body lacks", PAGE, COMPACT, spec="cs§13"),
  refused("sorted-query", "the parameters are sorted for the signature", "size=10&symbol=aaaa88", "symbol=aaaa88&size=10"),
  refused("question-mark", "the ? is signed", "?symbol=aaaa88&size=10", "symbol=aaaa88&size=10"),
  refused("separator", "something between query and body", "symbol=aaaa88&size=10&" + COMPACT, "symbol=aaaa88&size=10" + COMPACT),
  refused("post-without-body", "POST without parameters signs the empty text and sends {}", "", "{}")],
 time_window={"simulator_ms": "30000", "provenance": "proposed", "spec": "cs§3.3"},
 verification=[{"step": 1, "when": "all three headers missing", "code": 401, "message": "user-not-login"}, {"step": 2, "when": "X-CS-EXPIRES no integer, X-CS-SIGN missing or not 64 hex digits", "code": 3005, "message": "signature error"}, {"step": 3, "when": "unknown key, deleted or frozen sub-account", "code": 401, "message": "signature-failed"}, {"step": 4, "when": "address not bound to the key", "code": 1401, "message": "Unauthorized"}, {"step": 5, "when": "signature wrong", "code": 1401, "message": "Unauthorized"}, {"step": 6, "when": "X-CS-EXPIRES out of the window", "code": 1401, "message": "Unauthorized"}],
 notes=["POST without parameters sends and signs {}. GET without parameters signs the empty text. A GET with a body signs query and body.", "Both spellings of JSON are in use: bytes are signed.", "The name says expiry, the value is the moment of sending: crossing a bucket on the way is no error."],
 decided=[D("space in the published payload", "What is sent is signed.", "cs§13", "published", 9), D("order of checks", "As in verification, all with HTTP 200; strict mode sends HTTP 401 for step 3.", "cs§3.3", "proposed"), D("time window", "30000 ms in either direction, configurable, 0 for none.", "cs§3.3", "proposed")])
def e(code, message, meaning, when, prov, spec="cs§11.1", **k): return {"id": f"errors.{code}.{message}".replace(" ", "-"), "code": code, "message": message, "meaning": meaning, "when": when, "provenance": prov, "spec": spec, **k}
def q(code, message, when, prov, **k): return {"id": f"errors.{code}.{message}".replace(" ", "-"), "code": code, "message": message, "meaning": "", "when": when, "provenance": prov, "spec": "cs§11.2", **k}
write("errors", "错误信息; 错误码", "cs§4, cs§11",
 http=[{"status": 200, "meaning": "success, and every business error", "provenance": "third_party"}, {"status": 400, "meaning": "invalid request format", "provenance": "published"}, {"status": 401, "meaning": "signature failed, invalid API key", "provenance": "historical"}, {"status": 404, "meaning": "service not found", "provenance": "historical"}, {"status": 405, "meaning": "other verb", "provenance": "proposed"}, {"status": 429, "meaning": "too many visits", "provenance": "historical"}, {"status": 500, "meaning": "internal error", "provenance": "historical"}],
 codes=[
  e(401, "signature-failed", "parent froze the login of the sub-account; sub-account deleted; API key wrong", "unknown key, deleted sub-account, frozen login", "published"),
  e(401, "user-not-login", "", "private request without the three headers", "third_party"),
  e(1401, "Unauthorized", "address not on the list; signature failed; login token expired", "address, signature, time window; no permission (proposed)", "third_party", documented_message="unauthorized"),
  e(3005, "signature error", "the signature could not be made", "malformed headers", "published"),
  e(3011, "symbol not found", "pair not listed", "unknown or closed pair", "published"),
  e(3012, "part-trade-limit", "account restricted on this pair", "flag of the account", "published"),
  e(3013, "trade-limit", "account not entitled to spot trading", "flag of the account", "published"),
  e(3014, "user-trade-limit", "sub-account not entitled to spot trading", "flag of the sub-account", "published"),
  e(3015, "user-part-trade-limit", "sub-account restricted on this pair", "flag of the sub-account", "published"),
  e(3103, "order-not-found", "not found, or not of this account", "cancel, orderInfo v1", "published"),
  e(3111, "duplicate-order", "duplicate", "clOrdId used again; older pages print 3011", "published"),
  e(3113, "account-insufficient", "insufficient balance", "place, item of placeBatch", "published"),
  e(6001, "sub-user-operator-business-error", "sub-account not allowed", "sub-account withdrawing or transferring from the parent", "published"),
  e(101040502, "request field missing", "currency, client id or type of a transfer wrong; unsupported currency; field missing", "funding", "published", "cs§7.14"),
  e(102150400, "", "amount wrong; failure", "funding", "published", "cs§7.14"),
  e(102150808, "", "insufficient balance; duplicate", "funding", "published", "cs§7.14"),
  q(3104, "quantity-precision-error", "more decimals than lotSz", "third_party", message_provenance="proposed"),
  q(3105, "price-precision-error", "more decimals than tickSz", "proposed"),
  q(3106, "amount-precision-error", "too many decimals of ordAmt", "third_party", message_provenance="proposed"),
  q(4003, "order-not-exist", "orderInfo v2 of an unknown order", "third_party", message_provenance="proposed"),
  q(3190, "order-size-too-small", "below the least size", "proposed", placeholder=True),
  q(3191, "order-value-too-small", "below the least value", "proposed", placeholder=True),
  q(3192, "order-price-too-small", "below the least price", "proposed", placeholder=True),
  q(3195, "active-order-limit", "51st open order", "proposed", placeholder=True),
  q(400, "{0}-required", "parameter missing", "proposed", wire_examples=[{"args": ["symbol"], "text": "symbol-required"}, {"args": ["order.id"], "text": "order.id-required"}]),
  q(400, "{0}-invalid", "parameter out of its set or range", "proposed", wire_examples=[{"args": ["side"], "text": "side-invalid"}]),
  q(429, "too many visits", "over the rate limit", "proposed")],
 bodies=[
  {"id": "errors.body.signature", "use": "wrong signature", "provenance": "third_party", "source": "logs of 2026-02 in adminpipelabs/trading-bridge", "http_status": 200, "body": {"message": "Unauthorized", "code": 1401}},
  {"id": "errors.body.key", "use": "unknown key", "provenance": "third_party", "source": "logs of 2026-02 in adminpipelabs/trading-bridge", "http_status": 200, "body": {"message": "signature-failed", "code": 401}},
  {"id": "errors.body.funds", "use": "insufficient balance", "provenance": "inferred", "http_status": 200, "body": {"message": "account-insufficient", "code": 3113}},
  {"id": "errors.body.order", "use": "unknown order", "provenance": "inferred", "http_status": 200, "body": {"message": "order-not-found", "code": 3103}},
  {"id": "errors.body.transfer", "use": "refused transfer", "provenance": "published", "http_status": 200, "body": {"code": 101040502, "msg": "request field missing", "data": None}},
  {"id": "errors.body.string-code", "use": "code as a string", "provenance": "inferred", "http_status": 200, "body": {"code": "102150808", "message": "balance", "data": None}},
  {"id": "errors.body.rate", "use": "too many requests", "provenance": "proposed", "http_status": 429, "body": {"message": "too many visits", "code": 429}},
  {"id": "errors.body.not-found", "use": "unknown path", "provenance": "third_party", "source": "sibling futures host, 2026-09", "http_status": 404, "body": {"timestamp": "2026-09-23T02:54:25.103+00:00", "status": 404, "error": "Not Found", "path": "/v1/market/markPrice"}},
  {"id": "errors.body.bad-request", "use": "malformed JSON, or POST without a body", "provenance": "proposed", "http_status": 400, "body": {"timestamp": "2026-09-23T02:54:25.103+00:00", "status": 400, "error": "Bad Request", "path": "/trade/order/place"}},
  {"id": "errors.body.method", "use": "other verb", "provenance": "proposed", "http_status": 405, "body": {"timestamp": "2026-09-23T02:54:25.103+00:00", "status": 405, "error": "Method Not Allowed", "path": "/trade/order/place"}}],
 notes=["message is a template in the syntax of str.format; an empty one is not known.", "Errors come with HTTP 200, message and a number code, without data; funding sends msg and data null. Clients read either.", "Placeholders are asserted only through the profile table, so that they can be corrected."],
 decided=[D("path of the HTTP errors", "Without /api.", "cs§4", "third_party"), D("spelling of 1401", "Unauthorized, as seen; the document prints unauthorized.", "cs§11", "third_party")])
write("rate_limits", "限频规则", "cs§2",
 limits=[{"id": "rate_limits.ip", "counted_per": "ip", "requests": "300", "window_ms": "3000", "of": "all requests", "provenance": "published"}, {"id": "rate_limits.user", "counted_per": "user", "requests": "120", "window_ms": "3000", "of": "signed requests of all keys of an account", "provenance": "published"}],
 http_status=429, headers=[], body={"message": "too many visits", "code": 429},
 vectors=[{"id": "rate_limits.vector.ip", "counted_per": "ip", "sent": "301", "within_ms": "3000", "refused": "1", "provenance": "computed"}, {"id": "rate_limits.vector.user", "counted_per": "user", "sent": "121", "within_ms": "3000", "refused": "1", "provenance": "computed"}],
 keys={"per_user": "5", "addresses_per_key": "5", "provenance": "published"}, open_orders={"limit": "50", "of": "accounts that are no market makers", "provenance": "published", "spec": "cs§7.7"},
 decided=[D("window", "Sliding; refused requests do not use up the user's.", "cs§2", "proposed"), D("bans, Retry-After, headers", "None.", "cs§2", "proposed"), D("messages of a socket", "No limit, unless configured.", "cs§2", "proposed")])
def num(name, text, value, prov, **k): return {"id": f"numbers.{name}", "text": text, "value": value, "provenance": prov, **k}
def oid(i, prov, **k): return {"id": f"numbers.ord-id.{i}", "text": str(i), "seconds": str(i >> 20), "counter": str(i & 0xFFFFF), "provenance": prov, **k}
write("numbers", "examples of all endpoints", "cs§5",
 big_decimals=[num("big-decimal.zero", "0E-18", "0", "published", scale=18), num("big-decimal.quantity", "40.900000000000000000", "40.9", "published", scale=18), num("big-decimal.amount", "8.887161000000000000", "8.887161", "published", scale=18), num("big-decimal.rate", "0.002000000000000000", "0.002", "published", scale=18), num("big-decimal.fee", "0.081800000000000000", "0.0818", "published", scale=18), num("big-decimal.tiny", "9.1E-10", "0.00000000091", "published", scale=11), num("big-decimal.deposit-min", "0.00010000", "0.0001", "published", scale=8), num("big-decimal.edge-plain", "0.000001", "0.000001", "computed", scale=6), num("big-decimal.edge-scientific", "1E-7", "0.0000001", "computed", scale=7), num("big-decimal.zero-of-scale-6", "0.000000", "0", "computed", scale=6), num("big-decimal.zero-of-scale-7", "0E-7", "0", "computed", scale=7)],
 big_decimal_rule={"provenance": "inferred", "text": "Digits as they are scaled; scientific if the adjusted exponent is below -6: BigDecimal.toString of Java, which str(Decimal) of Python follows."},
 plain=[num("plain.tiny", "0.00000000092", "0.00000000092", "published"), num("plain.zero", "0", "0", "published"), num("plain.balance", "13297.94999", "13297.94999", "published"), num("plain.price", "41995", "41995", "published")],
 requests=[num("request.exponent", "9.2e-10", "0.00000000092", "published", json="number"), num("request.integer", "2", "2", "published", json="number"), num("request.text", "12323231243", "12323231243", "published", json="string")],
 codes=[{"id": "numbers.code.integer", "token": 0, "success": True, "provenance": "published"}, {"id": "numbers.code.string", "token": "0", "success": True, "provenance": "published"}, {"id": "numbers.code.table", "token": 200, "success": True, "provenance": "published", "of": "transfer, by its table of codes"}, {"id": "numbers.code.error", "token": 1401, "success": False, "provenance": "third_party"}, {"id": "numbers.code.error-string", "token": "101040502", "success": False, "provenance": "inferred"}],
 order_ids=[oid(1722183748419690, "published"), oid(1722364585836585, "published"), oid(1722364585836586, "published"), oid(1758065956225025, "published"), oid(1717384395096065, "published", match_time=1637825389), oid(1780715084580128, "third_party")],
 order_id_rule={"provenance": "inferred", "text": "(Unix seconds << 20) + counter of the second; below 2^53."},
 legacy_order_id="11594964764657880",
 times=[{"what": "timestamp of orders", "unit": "ms, echo of the request"}, {"what": "matchTime, candles, time on the stream", "unit": "s"}, {"what": "ts of trades", "unit": "ms"}, {"what": "orderUpdateTime", "unit": "ms while equal to timestamp, s after a fill"}, {"what": "createdAt of deposits and withdrawals", "unit": "yyyy-MM-dd HH:mm:ss, UTC+8 (proposed)"}],
 notes=["Prices and quantities are plain decimal strings without trailing zeros; zero is 0. Exceptions: ordPrice of active v1, the decimals of accountMatches, depositMin of a deposit address."])
OPEN = ["SUBMITTING", "SUBMITTED", "PARTIAL_FILLED", "CANCELING"]
write("states", "字典; tables of orders and funding", "cs§10, cs§7.14, cs§8",
 order_states={"provenance": "published", "values": ["REJECTED", "SUBMITTING", "SUBMITTED", "PARTIAL_FILLED", "CANCELING", "CANCELED", "EXPIRED", "STOPPED", "FILLED"], "query_only": ["NOT_FOUND"], "order_info_only": ["REPLACING", "REPLACED"], "open": OPEN,
  "transitions": [["SUBMITTING", "SUBMITTED"], ["SUBMITTING", "REJECTED"], ["SUBMITTED", "PARTIAL_FILLED"], ["SUBMITTED", "FILLED"], ["SUBMITTED", "CANCELING"], ["SUBMITTED", "CANCELED"], ["SUBMITTED", "EXPIRED"], ["SUBMITTED", "STOPPED"], ["PARTIAL_FILLED", "PARTIAL_FILLED"], ["PARTIAL_FILLED", "FILLED"], ["PARTIAL_FILLED", "CANCELING"], ["PARTIAL_FILLED", "CANCELED"], ["PARTIAL_FILLED", "EXPIRED"], ["PARTIAL_FILLED", "STOPPED"], ["CANCELING", "CANCELED"], ["CANCELING", "FILLED"]], "transitions_provenance": "proposed"},
 order_state_numbers=[{"number": n, "meaning": m, "provenance": p} for n, m, p in [(10, "SUBMITTING", "proposed"), (20, "SUBMITTED", "proposed"), (30, "PARTIAL_FILLED", "proposed"), (40, "CANCELED", "proposed"), (50, "FILLED", "published"), (60, "EXPIRED", "proposed"), (70, "STOPPED", "proposed"), (80, "REJECTED", "proposed")]],
 order_types={"provenance": "published", "values": ["MARKET", "LIMIT", "POST_ONLY"]}, times_in_force={"provenance": "published", "values": ["GTC", "IOC", "FOK"]},
 sides=[{"value": "BUY", "number": 1}, {"value": "SELL", "number": -1}], roles=[{"value": "TAKER", "number": 1}, {"value": "MAKER", "number": -1}], flags={"provenance": "published", "values": ["POST_ONLY", "REDUCE_ONLY", "HIDDEN"]},
 account_types=[{"number": 1, "value": "AVAILABLE"}, {"number": 4, "value": "FROZEN"}],
 deposit_states=[{"number": n, "meaning": m, "provenance": "published"} for n, m in [(0, "unconfirmed"), (1, "done"), (2, "abnormal"), (3, "under review"), (4, "rejected")]],
 withdraw_states=[{"number": n, "meaning": m, "provenance": "published"} for n, m in [(0, "not reviewed"), (1, "approved"), (2, "rejected"), (3, "paying"), (4, "payment failed"), (5, "done"), (6, "cancelled")]],
 transfer_types=[{"value": "0", "meaning": "within the account"}, {"value": "1", "meaning": "parent to sub-account"}, {"value": "2", "meaning": "sub-account to parent"}], transfer_accounts=[{"number": 1, "meaning": "spot"}, {"number": 2, "meaning": "futures"}],
 internal_types=[{"number": 0, "meaning": "on chain"}, {"number": 1, "meaning": "internal"}], tag_types=[{"number": 0, "meaning": "none"}, {"number": 1, "meaning": "required"}, {"number": 2, "meaning": "optional"}],
 notes=["A client of 2024 shows matchRole 2 and role -1 in one row: numbers outside the table occur."])
BOOK = {"a": [["100", "1"], ["101", "2"]], "b": [["99", "1"], ["98", "2"]]}
def sc(name, order, fills, state, leaves, held="0", fee=None, feecur=None, **k):
    return {"id": f"matching.{name}", "spec": "cs§8", "provenance": "proposed", "order": order, "fills": fills, "state": state, "leavesQty": leaves, "frozen_after": held, "rate": "0.002", "fee": fee or "0", "feeCurrency": feecur, **k}
L = lambda side, price, qty, **k: {"side": side, "ordType": "LIMIT", "ordPrice": price, "ordQty": qty, **k}
write("matching", "创建订单; 获取用户最新成交; 获取订单信息", "cs§8", book=BOOK, base="BTC", quote="USDT",
 orders=[
  sc("limit-rests", L("BUY", "99.5", "2"), [], "SUBMITTED", "2", "199"),
  sc("limit-takes-and-rests", L("BUY", "100", "3"), [["100", "1"]], "PARTIAL_FILLED", "2", "200", "0.002", "BTC"),
  sc("limit-improves-price", L("BUY", "105", "2"), [["100", "1"], ["101", "1"]], "FILLED", "0", "0", "0.004", "BTC"),
  sc("limit-sell", L("SELL", "98", "2"), [["99", "1"], ["98", "1"]], "FILLED", "0", "0", "0.394", "USDT"),
  sc("ioc-remainder", L("BUY", "100", "3", timeInForce="IOC"), [["100", "1"]], "CANCELED", "0", "0", "0.002", "BTC"),
  sc("fok-fills", L("BUY", "101", "3", timeInForce="FOK"), [["100", "1"], ["101", "2"]], "FILLED", "0", "0", "0.006", "BTC"),
  sc("fok-cancels", L("BUY", "101", "4", timeInForce="FOK"), [], "CANCELED", "0"),
  sc("post-only-rests", {"side": "SELL", "ordType": "POST_ONLY", "ordPrice": "100", "ordQty": "2"}, [], "SUBMITTED", "2", "2"),
  sc("post-only-would-take", {"side": "BUY", "ordType": "POST_ONLY", "ordPrice": "100", "ordQty": "2"}, [], "CANCELED", "0"),
  sc("market-buy", {"side": "BUY", "ordType": "MARKET", "ordAmt": "201"}, [["100", "1"], ["101", "1"]], "FILLED", "0", "0", "0.004", "BTC"),
  sc("market-sell-empties-book", {"side": "SELL", "ordType": "MARKET", "ordQty": "5"}, [["99", "1"], ["98", "2"]], "CANCELED", "0", "0", "0.59", "USDT")],
 published=[
  {"id": "matching.fee-of-fill", "spec": "cs§7.6", "provenance": "published", "execQty": "40.9", "execAmt": "8.887161", "rate": "0.002", "fee": "0.0818", "side": "BUY", "feeCurrency": "base"},
  {"id": "matching.amount-of-limit", "spec": "cs§7.13", "provenance": "published", "ordPrice": "0.00000000092", "ordQty": "1", "ordAmt": "0.00000000092"},
  {"id": "matching.turnover", "spec": "cs§7.15", "provenance": "published", "volume": "24121351.85", "amount": "1693799.10798965", "low": "0.067985", "high": "0.072453", "what": "amount / volume lies between low and high: volume is base"}],
 market_buy_dust={"id": "matching.market-buy-dust", "spec": "cs§8", "provenance": "computed", "ordAmt": "150", "price": "101", "lot_decimals": 4, "quantity": "1.4851", "spent": "149.9951", "refund": "0.0049"},
 holds=[{"ordType": "LIMIT, POST_ONLY", "side": "BUY", "currency": "quote", "amount": "ordPrice * ordQty", "provenance": "proposed"}, {"ordType": "any", "side": "SELL", "currency": "base", "amount": "ordQty", "provenance": "proposed"}, {"ordType": "MARKET", "side": "BUY", "currency": "quote", "amount": "ordAmt", "provenance": "proposed"}],
 checks=["pair known and open (3011)", "restrictions (3012 to 3015)", "fields and enumerations (400)", "decimals of price (3105)", "decimals of quantity (3104)", "decimals of amount (3106)", "minima (3190 to 3192)", "clOrdId used (3111)", "50 open orders (3195)", "funds (3113)"],
 notes=["Each order of `orders` meets the same book, alone. leavesQty becomes 0 when an order is cancelled.", "Self-trades happen and are told by selfDealingQty.", "rate is that of the taker; the fee is charged in what is received."],
 decided=[D("POST_ONLY that would take", "CANCELED without a fill; a switch refuses it.", "cs§8", "proposed"), D("what a market order leaves", "CANCELED, its hold released; ordPrice 0.", "cs§8", "proposed"), D("clOrdId used again", "3111 against open orders and those of the last 24 hours.", "cs§8", "proposed")])
PER = [("1min", "min_1"), ("5min", "min_5"), ("15min", "min_15"), ("30min", "min_30"), ("60min", "hour_1"), ("4hour", "hour_4"), ("12hour", "hour_12"), ("1day", "day_1"), ("1week", "week_1")]
SEC = [60, 300, 900, 1800, 3600, 14400, 43200, 86400, 604800]
T = 1642495112
def begin(s):
    off = 8 * 3600
    if s == 604800: off += 3 * 86400  # 1970-01-01 was a Thursday: Monday is three days before
    return (T + off) // s * s - off
from datetime import datetime, UTC
write("candles", "获取K线; K线 Streams", "cs§7.17",
 periods=[{"rest": r, "stream": w, "seconds": s} for (r, w), s in zip(PER, SEC)], aligned_to="UTC+8",
 published={"id": "candles.published-week", "provenance": "published", "interval": "week_1", "startTime": 1641744000, "opens": "2022-01-09T16:00:00Z", "endTime": 1641744059},
 boundaries=[{"id": f"candles.{w}", "provenance": "proposed", "spec": "cs§7.17", "interval": w, "trade_at": T, "startTime": begin(s), "endTime": begin(s) + s - 1, "opens": datetime.fromtimestamp(begin(s), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} for (r, w), s in zip(PER, SEC)],
 notes=["The published week begins on Monday at midnight of UTC+8.", "Four spellings occur: 1min in the query, min_1 in channels, 1m in an example of a push, week_1 in the answer."])
write("conventions", "快速开始; 接入URLs; API接入说明", "cs§1, cs§4, cs§5",
 hosts=[{"surface": "rest", "url": "https://api.coinstore.com/api", "provenance": "published"}, {"surface": "stream", "url": "wss://ws.coinstore.com/s/ws", "provenance": "published"}, {"surface": "transfer, by its text", "url": "https://futures.api.coinstore.com/api", "provenance": "published", "note": "did not resolve in 2026-09"}, {"surface": "aggregators", "url": "https://api.coinstore.com", "provenance": "historical"}],
 path_aliases=[{"path": "/v3/public/assets", "of": "/v2/public/assets", "provenance": "third_party"}, {"path": "/v3/public/orderbook/market_pair", "of": "/v2/public/orderbook/market_pair", "provenance": "third_party"}],
 envelopes=[
  {"id": "conventions.market", "of": ["rest/tickers", "rest/depth", "rest/kline", "rest/trades", "rest/config_symbols"], "code": "integer", "text": "absent", "provenance": "published"},
  {"id": "conventions.ticker-price", "of": ["rest/ticker_price"], "code": "integer", "text": "message, empty", "provenance": "published"},
  {"id": "conventions.trade", "of": ["rest/active_orders", "rest/active_orders_v2", "rest/account_matches", "rest/place_order", "rest/place_batch", "rest/cancel_order", "rest/cancel_batch", "rest/cancel_batch_by_client_id", "rest/cancel_all", "rest/order_info", "rest/order_info_v2"], "code": "integer", "text": "absent", "provenance": "third_party"},
  {"id": "conventions.account", "of": ["rest/account_list"], "code": "integer", "text": "absent", "provenance": "published"},
  {"id": "conventions.config", "of": ["rest/symbols", "rest/currency", "rest/deposit_address", "rest/deposit_records", "rest/withdraw_records", "rest/withdraw", "rest/withdraw_cancel", "rest/transfer"], "code": "string", "text": "message, Success", "provenance": "published"},
  {"id": "conventions.aggregator", "of": ["rest/public_assets", "rest/public_summary", "rest/public_ticker", "rest/public_orderbook", "rest/public_trades", "rest/public_historical_trades"], "code": "string", "text": "message, null", "provenance": "historical"}],
 symbols=[{"where": "payloads", "form": "BTCUSDT"}, {"where": "private requests", "form": "any case"}, {"where": "filter of ticker/price", "form": "upper case"}, {"where": "channels", "form": "4 or btcusdt"}, {"where": "symbolCode", "form": "also trxUSDT"}],
 client_order_id={"generated": "32 lower-case hexadecimal digits", "accepted": "1 to 64 printable characters", "provenance": "proposed", "spec": "cs§5"},
 notes=["GET and POST only. No test venue, no server time, no history of orders, no amendment.", "Some documented paths lack the leading slash; the v2 order endpoints print /api themselves."],
 decided=[D("paths", "Always /api/..; never /api/api/..", "cs§1", "published")])
write("thirdparty_requests", "not a document: what clients send", "cs§12", document="clients on public repositories, named in the file",
 clients=[
  {"client": "vinybnb/CoinstoreMM", "language": "JavaScript", "address": "environment CS_BASE_URL", "provenance": "third_party"},
  {"client": "runahead-team/mexcbot_services", "language": "C#", "address": "setting CoinStoreUrl", "requests": ["{} as the body of every GET", "ordId as a number"], "provenance": "third_party"},
  {"client": "EdgeApp/edge-rates-server", "language": "TypeScript", "address": "providers.coinstore.uri", "requests": ["GET /api/v1/ticker/price;symbol=BTCUSDT"], "provenance": "third_party"},
  {"client": "Adamant-im/adamant-coinoptimus", "language": "JavaScript", "address": "apiServer", "requests": ["reads data.canceling of cancelAll", "reads orderUpdateTime in seconds after a fill"], "provenance": "third_party"},
  {"client": "hummingbot forks", "language": "Python", "address": "constants REST_URL, WSS_URL", "requests": ["{} and the bare text pong on the stream", "orderInfo v2 as an object", "whole books on the depth channel"], "provenance": "third_party"},
  {"client": "zhuco/rustcta", "language": "Rust", "address": "environment RUSTCTA_COINSTORE_SPOT_REST_BASE_URL", "requests": ["whole books on the depth channel", "/api joined with /api/v2"], "provenance": "third_party"}],
 notes=["No class for this venue in ccxt 4.5.68."])
