from base import *
OK = F("", "code:n")
OKS = F("", "code:s message:s")
# --- reference
rest("symbols", "基础信息 > 现货币种币对信息", "cs§7.1", "POST", "/api/v2/public/config/spot/symbols", "public",
 [req("POST", "/api/v2/public/config/spot/symbols", body={"symbolCodes": ["BTCUSDT"], "symbolIds": [10]}),
  req("POST", "/api/v2/public/config/spot/symbols", body={}, note="the official script")],
 [rep({"code": "0", "message": "Success", "data": [{"symbolId": 1, "symbolCode": "BTCUSDT", "tradeCurrencyCode": "btc", "quoteCurrencyCode": "usdt", "openTrade": True, "onLineTime": 1609813531019, "tickSz": 0, "lotSz": 4, "minLmtPr": "0.0002", "minLmtSz": "0.2", "minMktVa": "0.1", "minMktSz": "0.1", "makerFee": "0.006", "takerFee": "0.003"}]}),
  rep({"code": "0", "message": "Success", "data": [{"symbolId": 2, "symbolCode": "trxUSDT", "tradeCurrencyCode": "trx", "quoteCurrencyCode": "USDT", "openTrade": True, "onLineTime": 1609813531019, "tickSz": 6, "lotSz": 2, "minLmtPr": "0.000001", "minLmtSz": "1", "minMktVa": "1", "minMktSz": "1", "makerFee": "0.002", "takerFee": "0.002"}]}, "third_party", source="row seen by clients (cs§7.1); openTrade and onLineTime are of the published row")],
 OKS + F("data[].", "symbolId:n symbolCode:s tradeCurrencyCode:s quoteCurrencyCode:s openTrade:b onLineTime:n tickSz:n lotSz:n minLmtPr:s minLmtSz:s minMktVa:s minMktSz:s makerFee:s takerFee:s"),
 P("symbolCodes:array symbolIds:array"),
 ["tickSz and lotSz count decimals of price and quantity.", "onLineTime is in milliseconds.", "minMktVa is the least value of a market buy, minMktSz the least size of a market sell.", "symbolCode may be of mixed case, currency codes are lower case in the published row."],
 [D("both filters", "Union of both, in any case; unknown entries are skipped.", "cs§7.1", "proposed"),
  D("fees and minima of the published row", "Illustrative only: the maker pays more than the taker, tickSz is 0, minima are below a lot.", "cs§13", "inferred", 23)])
rest("currency", "基础信息 > 查询币种信息", "cs§7.2", "GET", "/api/fi/v1/common/currency", "public",
 [req("GET", "/api/fi/v1/common/currency", "currencyCode=ETH")],
 [rep({"code": "0", "message": "Success", "data": {"name": "eth", "code": "eth", "showPrecision": 6, "chainDataList": [{"currencyCode": "eth", "chainName": "eth", "contractAddress": "23412374127384ghgdwq", "depositOpen": 0, "withdrawOpen": 1, "withdrawFee": "100.00000000", "withdrawMin": "1.00000000", "withdrawMax": "0.00000000", "depositMin": "1.00000000", "withdrawFeePlatform": "0.00000000", "burningState": 0, "withdrawFeeOnChain": "0.00000000", "tagType": 0, "withdrawFeeMin": "0.00000000"}]}})],
 OKS + F("data.", "name:s code:s showPrecision:n") + F("data.chainDataList[].", "currencyCode:s chainName:s chainProtocol:s- contractAddress:s depositOpen:n withdrawOpen:n withdrawFee:s withdrawMin:s withdrawMax:s depositMin:s withdrawFeePlatform:s burningState:n withdrawFeeOnChain:s tagType:n withdrawFeeMin:s"),
 P("currencyCode:string!", "query"),
 ["The official script signs the query; the endpoint is treated as public.", "chainProtocol is in the table and not in the example.", "Amounts have 8 decimals.", "tagType: 0 none, 1 required, 2 optional. burningState: 1 burns on transfer."],
 [D("depositOpen, burningState and tagType", "JSON numbers, as in the examples.", "cs§13", "published", 14),
  D("withdrawMax of 0", "No upper limit.", "cs§7.2", "proposed"),
  D("unknown currency", "101040502.", "cs§7.2", "proposed")])
# --- account
acc = {"data": [{"uid": 315, "accountId": 1134971, "currency": "USDT", "balance": "0.05001", "type": 4, "typeName": "FROZEN"}, {"uid": 315, "accountId": 1134971, "currency": "USDT", "balance": "13297.94999", "type": 1, "typeName": "AVAILABLE"}], "code": 0}
rest("account_list", "账户相关 > 资产余额", "cs§7.3", "POST", "/api/spot/accountList", "private",
 [req("POST", "/api/spot/accountList", body={})], [rep(acc)],
 OK + F("data[].", "uid:n accountId:n currency:s balance:s type:n typeName:s"), [],
 ["Two rows for each currency, also at zero: one connector zips the sorted lists.", "Both rows of a currency have one accountId."],
 [D("names of fields", "Those of the example; the table's userId and currencyId are not sent.", "cs§13", "published", 16)])
# --- orders
v1row = {"symbol": "LUFFYUSDT", "baseCurrency": "LUFFY", "quoteCurrency": "USDT", "timestamp": 1642402062196, "side": "BUY", "timeInForce": "GTC", "accountId": 1138204, "ordPrice": R("9.1E-10"), "cumAmt": "0", "cumQty": "0", "leavesQty": "0", "clOrdId": "b1b2ea5e00a84b888d419cb73f8eb203", "ordAmt": "0", "ordQty": "1", "ordId": "1722183748419690", "ordStatus": "SUBMITTED", "ordType": "LIMIT"}
rest("active_orders", "订单相关 > 获取当前订单", "cs§7.4", "GET", "/api/trade/order/active", "private",
 [req("GET", "/api/trade/order/active"), req("GET", "/api/trade/order/active", "symbol=aaaa88&size=10", provenance="third_party", source="query of the signing example (cs§3.2); ignored, but signed")],
 [rep({"data": [v1row], "code": 0})],
 OK + F("data[].", "symbol:s baseCurrency:s quoteCurrency:s timestamp:n side:s timeInForce:s accountId:n ordPrice:D cumAmt:s cumQty:s leavesQty:s clOrdId:s ordAmt:s ordQty:s ordId:s ordStatus:s ordType:s"),
 P("symbol:string size:integer", "query"),
 ["ordId is a string here, a number everywhere else.", "ordPrice is a JSON number as BigDecimal prints it: 9.1E-10.", "No parameter is documented; symbol and size are ignored, but they are part of what is signed."],
 [D("leavesQty", "The remaining quantity; a switch sends 0 as in the example.", "cs§7.4", "proposed"),
  D("ordId", "String here, number elsewhere.", "cs§13", "published", 3),
  D("name of the state", "ordStatus here, in active v2 and in orderInfo v2; ordState in orderInfo v1.", "cs§13", "published", 4)])
v2row = {"baseCurrency": "A123", "quoteCurrency": "USDT", "side": "BUY", "cumQty": "0", "ordId": 1758065956225025, "clOrdId": "tLCGVA4g19zuEBwsITXi9g3U624Al0Bw", "ordType": "LIMIT", "ordQty": "10", "cumAmt": "0", "accountId": 1134912, "timeInForce": "GTC", "ordPrice": "100", "leavesQty": "10", "avgPrice": "0", "ordStatus": "SUBMITTED", "symbol": "A123USDT", "timestamp": 1676622290389}
V2F = "baseCurrency:s quoteCurrency:s side:s cumQty:s ordId:n clOrdId:s ordType:s ordQty:s cumAmt:s accountId:n timeInForce:s ordPrice:s leavesQty:s avgPrice:s ordStatus:s symbol:s"
rest("active_orders_v2", "订单相关 > 获取当前订单V2", "cs§7.5", "GET", "/api/v2/trade/order/active", "private",
 [req("GET", "/api/v2/trade/order/active"), req("GET", "/api/v2/trade/order/active", "symbol=A123USDT&ordId=1758065956225025&clOrdId=tLCGVA4g19zuEBwsITXi9g3U624Al0Bw", provenance="inferred", source="parameter table")],
 [rep({"data": [v2row], "code": 0})],
 OK + F("data[].", V2F + " timestamp:n"),
 P("symbol:string ordId:integer clOrdId:string", "query"),
 ["The official script sends symbol=btcusdt as the body of the GET and signs that: nothing is filtered, and the signature fits.", "No ordAmt."],
 [D("body of a GET", "Part of what is signed, and otherwise ignored.", "cs§13", "proposed", 8)])
fill = {"id": 3984987, "remainingQty": R("0E-18"), "matchRole": 1, "feeCurrencyId": 44, "acturalFeeRate": R("0.002000000000000000"), "role": 1, "accountId": 1138204, "instrumentId": 15, "baseCurrencyId": 44, "quoteCurrencyId": 30, "execQty": R("40.900000000000000000"), "orderState": 50, "matchId": 258338866, "orderId": 1717384395096065, "side": 1, "execAmt": R("8.887161000000000000"), "selfDealingQty": R("0E-18"), "tradeId": 11523732, "fee": R("0.081800000000000000"), "matchTime": 1637825389, "seq": None}
rest("account_matches", "订单相关 > 获取用户最新成交", "cs§7.6", "GET", "/api/trade/match/accountMatches", "private",
 [req("GET", "/api/trade/match/accountMatches", "symbol=tipusdt"), req("GET", "/api/trade/match/accountMatches", "symbol=tipusdt&ordId=1717384395096065&pageNum=1&pageSize=20&side=1", provenance="inferred", source="parameter table")],
 [rep({"data": [fill], "code": 0})],
 OK + F("data[].", "id:n remainingQty:D matchRole:n feeCurrencyId:n acturalFeeRate:D role:n accountId:n instrumentId:n baseCurrencyId:n quoteCurrencyId:n execQty:D orderState:n matchId:n orderId:n side:n execAmt:D selfDealingQty:D tradeId:n fee:D matchTime:n seq:n~"),
 P("symbol:string! ordId:integer pageNum:integer=1 pageSize:integer=20 side:integer|-1,1", "query"),
 ["The key acturalFeeRate is misspelt on the wire.", "All decimals are JSON numbers of scale 18; matchTime is in seconds.", "No price: execAmt / execQty. No names of currencies.", "The fee is 40.9 * 0.002 in the base currency: it is charged in what is received.",
  "A client of 2024 shows a row with matchRole 2 and role -1, and with taxRate, tradeScale, baseCurrencyName and orderType, all null or 0."],
 [D("types of the table", "The example: data is an array, decimals are numbers of scale 18, role is a number, the key is misspelt.", "cs§13", "published", 17),
  D("pageSize and order", "At most 100 rows, newest first.", "cs§7.6", "proposed"), D("no symbol", "400 symbol-required.", "cs§7.6", "proposed")])
NEW = "clOrdId:string side:string!|BUY,SELL ordType:string!|MARKET,LIMIT,POST_ONLY timeInForce:string=GTC|GTC,IOC,FOK ordPrice:decimal ordQty:decimal ordAmt:decimal"
rest("place_order", "订单相关 > 创建订单", "cs§7.7", "POST", "/api/trade/order/place", "private",
 [req("POST", "/api/trade/order/place", body={"symbol": "LUFFYUSDT", "side": "BUY", "ordType": "LIMIT", "ordPrice": R("9.2e-10"), "ordQty": "12323231243", "timestamp": 1642407805168}),
  req("POST", "/api/trade/order/place", body={"symbol": "aaaa88", "side": "SELL", "ordType": "LIMIT", "ordPrice": 2, "ordQty": 1, "timestamp": 1627384801051}, text='{"symbol":"aaaa88","side":"SELL","ordType":"LIMIT","ordPrice":2,"ordQty":1,"timestamp":1627384801051}'),
  req("POST", "/api/trade/order/place", body={"symbol": "LUFFYUSDT", "side": "BUY", "ordType": "LIMIT", "ordPrice": "0.00000000092", "ordQty": "12323231243", "timestamp": 1642407805168}, provenance="inferred", source="the published order, decimals as plain text"),
  req("POST", "/api/trade/order/place", body={"clOrdId": "ccc666", "symbol": "BTCUSDT", "side": "BUY", "ordType": "MARKET", "ordAmt": "100", "timestamp": 1642407805168}, provenance="inferred", source="parameter table"),
  req("POST", "/api/trade/order/place", body={"clOrdId": "ccc777", "symbol": "BTCUSDT", "side": "SELL", "ordType": "POST_ONLY", "ordPrice": "41995", "ordQty": "0.01", "timestamp": 1642407805168}, provenance="inferred", source="parameter table"),
  req("POST", "/api/trade/order/place", body={"symbol": "BTCUSDT", "side": "SELL", "ordType": "MARKET", "ordQty": "0.01", "timestamp": 1642407805168}, provenance="inferred", source="parameter table")],
 [rep({"code": "0", "data": {"order_id": 11594964764657880}}),
  rep({"code": 0, "data": {"ordId": 1722183748419690}}, "inferred", source="field table; live clients read a number 0 and ordId (cs§7.7)")],
 F("", "code:n/s") + F("data.", "ordId:n? order_id:n?"),
 P("symbol:string!") + P(NEW) + P("timestamp:integer"),
 ["ordPrice for LIMIT and POST_ONLY; ordQty for these and for a market sell; ordAmt, in quote currency, for a market buy.", "11594964764657880 is above 2^53 and fits no rule of ids: legacy.", "The official script omits timestamp, which the table requires."],
 [D("code", "The number 0: a live connector fails on anything else.", "cs§4", "third_party", 1),
  D("data.order_id", "data.ordId; a switch adds order_id.", "cs§13", "third_party", 2),
  D("timestamp", "Optional; the order echoes it, or the time of arrival.", "cs§13", "third_party", 10),
  D("numbers", "ordPrice, ordQty and ordAmt may be JSON numbers or strings, also with an exponent.", "cs§5", "published"),
  D("timeInForce", "GTC, IOC and FOK: the dictionary lacks FOK, every parameter table has it.", "cs§13", "published", 20),
  D("open orders", "At most 50 of an account that is no market maker; the 51st is refused with 3195.", "cs§7.7", "proposed")])
rest("place_batch", "订单相关 > 批量下单", "cs§7.8", "POST", "/api/trade/order/placeBatch", "private",
 [req("POST", "/api/trade/order/placeBatch", body={"symbol": "LUFFYUSDT", "orders": [{"side": "BUY", "ordType": "LIMIT", "ordPrice": R("9.2e-10"), "ordQty": "1"}, {"side": "BUY", "ordType": "LIMIT", "ordPrice": R("9.2e-10"), "ordQty": "1"}], "timestamp": 1642574848089}),
  req("POST", "/api/trade/order/placeBatch", body={"symbol": "LUFFYUSDT", "orders": [{"side": "BUY", "ordType": "LIMIT", "ordPrice": "0.00000000092", "ordQty": "1"}, {"side": "BUY", "ordType": "LIMIT", "ordPrice": "0.00000000092", "ordQty": "1"}], "timestamp": 1642574848089}, provenance="inferred", source="the published orders, decimals as plain text")],
 [rep({"code": 0, "data": [{"ordId": 1722364585836585, "clOrdId": "c09e68b49a724c8a95ef76526bf6bc05"}, {"ordId": 1722364585836586, "clOrdId": "d0344830639d4f6d94be4110bf98c759"}]}),
  rep({"code": 0, "data": [{"ordId": 1722364585836585, "clOrdId": "ccc666"}, {"clOrdId": "ccc777", "errno": 3113, "errMsg": "account-insufficient"}]}, "proposed", source="field table: errno int, errMsg string")],
 OK + F("data[].", "ordId:n? clOrdId:s? errno:n? errMsg:s?"),
 P("symbol:string! orders:array! timestamp:integer!") ,
 ["Rows in the order of the request; a row has ordId, or errno and errMsg.", "An order of the list has the fields of a single order without symbol and timestamp.", "timestamp 1642574848089 comes back in orderInfo although the ids were made 21 s later."],
 [D("failures", "One after the other, each alone: the good ones stand.", "cs§7.8", "proposed"), D("size", "1 to 50 orders.", "cs§7.8", "proposed")])
CAN = {"code": 0, "data": {"clientOrderId": "b1b2ea5e00a84b888d419cb73f8eb203", "state": "CANCELED", "ordId": 1722183748419690}}
rest("cancel_order", "订单相关 > 取消委托单", "cs§7.9", "POST", "/api/trade/order/cancel", "private",
 [req("POST", "/api/trade/order/cancel", body={"symbol": "LUFFYUSDT", "ordId": 1722183748419690}),
  req("POST", "/api/trade/order/cancel", body={"symbol": "LUFFYUSDT", "clOrdId": "b1b2ea5e00a84b888d419cb73f8eb203"}, provenance="historical", source="older page, and one client")],
 [rep(CAN), rep({"code": 0, "data": {"state": "CANCELED", "ordId": 1722183748419690}}, "third_party", source="Adamant-im: an order that was cancelled before")],
 OK + F("data.", "clientOrderId:s? state:s ordId:n"),
 P("symbol:string! ordId:integer clOrdId:string"),
 ["ordId may be a number or its digits as a string.", "Without clientOrderId for an order that was cancelled before."],
 [D("orderId of the official script", "Not a parameter; ordId and, in batches, orderIds are.", "cs§13", "published", 6),
  D("unknown order, foreign order, other symbol", "3103.", "cs§7.9", "proposed"), D("filled order", "code 0, state FILLED, no clientOrderId.", "cs§7.9", "proposed")])
rest("cancel_batch", "订单相关 > 根据订单id批量进行撤单", "cs§7.10", "POST", "/api/trade/order/cancelBatch", "private",
 [req("POST", "/api/trade/order/cancelBatch", body={"orderIds": [1722364585836586, 1722364585836585], "symbol": "LUFFYUSDT"})],
 [rep({"data": {"success": [1722364585836586, 1722364585836585], "reject": []}, "code": 0})],
 OK + F("data.", "success[]:n reject[]:n-"), P("orderIds:array! symbol:string!"),
 ["Ids may be numbers or strings; they come back as numbers."],
 [D("unknown and closed orders", "In reject.", "cs§7.10", "proposed"), D("no orderIds", "400 order.id-required: the text is published, the code is not.", "cs§7.10", "proposed")])
rest("cancel_batch_by_client_id", "订单相关 > 通过ClientOrderId批量撤单", "cs§7.11", "POST", "/api/trade/order/cancelBatchByClOrdId", "private",
 [req("POST", "/api/trade/order/cancelBatchByClOrdId", body={"symbol": "BTCUSDT", "clientOrderIds": ["ccc666", "ccc777", "ccc888"]})],
 [rep({"data": {"success": ["ccc666", "ccc777", "ccc888"]}, "code": 0}),
  rep({"data": {"success": ["ccc666"], "reject": ["ccc777", "ccc888"]}, "code": 0}, "proposed", source="reject of cancelBatch, sent only if it is not empty")],
 OK + F("data.", "success[]:s reject[]:s?"), P("symbol:string! clientOrderIds:array!"), [],
 [D("path of the official script", "clientOrderIds posted to /api/trade/order/cancel do the same.", "cs§13", "published", 7)])
rest("cancel_all", "订单相关 > 撤销所有订单", "cs§7.12", "POST", "/api/trade/order/cancelAll", "private",
 [req("POST", "/api/trade/order/cancelAll", body={"symbol": "LUFFYUSDT"}, provenance="historical", source="pages before 2024-11-06")],
 [rep({"code": 0}, "historical", source="pages before 2024-11-06"),
  rep({"code": 0, "data": {"canceling": [1722183748419690]}}, "third_party", source="a live client reads data.canceling (cs§7.12); the ids are made up")],
 OK + F("data.", "canceling[]:n?"), P("symbol:string!"), ["No data if nothing was open."],
 [D("withdrawn endpoint", "Served; strict mode answers 404.", "cs§7.12", "proposed")], document=DOC + "; pages before 2024-11-06")
info = {"baseCurrency": "LUFFY", "quoteCurrency": "USDT", "symbol": "LUFFYUSDT", "timestamp": 1642574848089, "side": "BUY", "accountId": 1138204, "ordId": 1722364585836586, "clOrdId": "d0344830639d4f6d94be4110bf98c759", "ordType": "LIMIT", "ordState": "CANCELED", "ordPrice": "0.00000000092", "ordQty": "1", "ordAmt": "0.00000000092", "cumAmt": "0", "cumQty": "0", "leavesQty": "0", "avgPrice": "0", "feeCurrency": "LUFFY", "timeInForce": "GTC"}
rest("order_info", "订单相关 > 获取订单信息", "cs§7.13", "GET", "/api/trade/order/orderInfo", "private",
 [req("GET", "/api/trade/order/orderInfo", "ordId=1780715084580128", provenance="third_party", source="vector of cs§3.2")],
 [rep({"data": info, "code": 0})],
 OK + F("data.", "baseCurrency:s quoteCurrency:s symbol:s timestamp:n side:s accountId:n ordId:n clOrdId:s ordType:s ordState:s ordPrice:s ordQty:s ordAmt:s cumAmt:s cumQty:s leavesQty:s avgPrice:s feeCurrency:s timeInForce:s flags:s?-"),
 P("ordId:integer clOrdId:string", "query"),
 ["ordAmt is price * quantity of a limit order. leavesQty is 0 after a cancellation.", "clOrdId instead of ordId: older pages."],
 [D("flags", "Only of POST_ONLY orders.", "cs§7.13", "proposed"), D("unknown order", "3103.", "cs§7.13", "proposed")])
v2i = {**{k: v for k, v in v2row.items() if k != "timestamp"}, "orderUpdateTime": 1676622290389, "timestamp": 1676622290389}
rest("order_info_v2", "订单相关 > 获取订单信息V2", "cs§7.13", "GET", "/api/v2/trade/order/orderInfo", "private",
 [req("GET", "/api/v2/trade/order/orderInfo", "ordId=1758065956225025", provenance="inferred", source="parameter table"),
  req("GET", "/api/v2/trade/order/orderInfo", "clOrdId=tLCGVA4g19zuEBwsITXi9g3U624Al0Bw", provenance="inferred", source="parameter table")],
 [rep({"data": [v2i], "code": 0}, shows="data as a list"),
  rep({"data": v2i, "code": 0}, "third_party", source="three connectors index data as an object (cs§7.13); the values are the published ones"),
  rep({"data": {**v2i, "cumQty": "10", "cumAmt": "1000", "leavesQty": "0", "avgPrice": "100", "ordStatus": "FILLED", "orderUpdateTime": 1676622299}, "code": 0}, "inferred", source="Adamant-im: seconds once a fill has updated the order")],
 OK + F("data.", V2F + " orderUpdateTime:n timestamp:n"),
 P("ordId:integer clOrdId:string", "query"),
 ["orderUpdateTime is in milliseconds while it equals timestamp, and in seconds once a fill has updated the order."],
 [D("data", "An object; a switch sends the list of the document.", "cs§13", "third_party", 5), D("unknown order", "4003.", "cs§7.13", "third_party")])
# --- wallet
rest("deposit_address", "资金相关 > 获取充币地址", "cs§7.14", "POST", "/api/fi/v3/asset/deposit/do", "private",
 [req("POST", "/api/fi/v3/asset/deposit/do", body={"currencyCode": "USDTTRX", "chain": "TRX"})],
 [rep({"code": "0", "message": "Success", "data": {"address": "TW4……", "tag": "", "depositMin": R("0.00010000")}})],
 OKS + F("data.", "address:s tag:s depositMin:D"), P("currencyCode:string! chain:string!"),
 ["depositMin is a JSON number of scale 8; the table says string."], [D("address", "The same for an account, currency and chain at all times.", "cs§7.14", "proposed")])
LISTP = "currencyCode:string startDate:string endDate:string fromId:integer limit:integer=500 externalId:string label:string"
rest("deposit_records", "资金相关 > 获取充币记录", "cs§7.14", "POST", "/api/fi/v3/asset/deposit/record/list", "private",
 [req("POST", "/api/fi/v3/asset/deposit/record/list", body={"currencyCode": "", "startDate": "2024-01-01", "endDate": "2024-03-08", "fromId": "", "limit": "10", "externalId": "", "label": ""}),
  req("POST", "/api/fi/v3/asset/deposit/record/list", body={"currencyCode": "USDT", "startDate": "2024-01-01 00:00:00", "endDate": "2024-03-08 12:30:00", "fromId": 38948, "limit": 10}, provenance="inferred", source="parameter table")],
 [rep({"code": "0", "message": "Success", "data": {"depositList": [{"id": 38948, "symbol": "doge", "chainName": "doge", "chainProtocol": "doge", "amount": "10.61", "createdAt": "2024-02-27 17:36:38", "status": 1, "explorer": "19ceb820c143ceae503cf6ce5a0c9064721f438099529d041026e062e99a0bdc8", "txId": "9ceb820c143ceae503cf6ce5a0c9064721f438099529d041026e062e99a0bdc8", "internalType": 0, "lockAccount": False, "noDepositMsg": None}], "externalId": None, "label": None}})],
 OKS + F("data.depositList[].", "id:n symbol:s chainName:s chainProtocol:s amount:s createdAt:s status:n explorer:s txId:s internalType:n lockAccount:b noDepositMsg:s~") + F("data.", "externalId:s~ label:s~"),
 P(LISTP), ["limit: 1 to 1000. Numbers may be strings; an empty string counts as absent.", "The English page requires currencyCode."],
 [D("tables of the Chinese page", "Those of deposits and withdrawals are swapped; the examples are right.", "cs§13", "published", 13), D("zone of createdAt", "UTC+8.", "cs§5", "proposed")])
rest("withdraw_records", "资金相关 > 获取提币记录", "cs§7.14", "POST", "/api/fi/v3/asset/withdraw/record/list", "private",
 [req("POST", "/api/fi/v3/asset/withdraw/record/list", body={"currencyCode": "", "startDate": "2024-03-01", "endDate": "2024-03-08", "fromId": "", "limit": "10", "externalId": "", "label": ""}),
  req("POST", "/api/fi/v3/asset/withdraw/record/list", body={"currencyCode": "DOGE", "limit": 10}, provenance="inferred", source="parameter table")],
 [rep({"code": "0", "message": "Success", "data": {"withdrawList": [{"id": 4886, "symbol": "DOGE", "amount": "0.3", "fee": "0", "createdAt": "2024-02-27 18:20:31", "status": 5, "showStatus": 2, "explorer": "https://eth.btc.com/txinfo/", "txId": "7b06acd90f839914f2676693927d994c264a0561893d3a5461a2a910d318acba", "addressTo": "DFXm3XC49n3SBNqELip9LZHAo1nBaiDbdG", "tag": None, "chainName": "DOGE", "chainProtocol": "DOGE", "internalType": 0}], "externalId": None, "label": None}})],
 OKS + F("data.withdrawList[].", "id:n symbol:s amount:s fee:s createdAt:s status:n showStatus:n explorer:s txId:s addressTo:s tag:s~ chainName:s chainProtocol:s internalType:n") + F("data.", "externalId:s~ label:s~"),
 P(LISTP), ["explorer is the address of a site, not of the transaction.", "showStatus is in the example only."])
rest("withdraw", "资金相关 > 提币", "cs§7.14", "POST", "/api/fi/v3/asset/doWithdraw", "private",
 [req("POST", "/api/fi/v3/asset/doWithdraw", body={"currencyCode": "USDT", "amount": "1000", "address": "TU4vEruvZwLLkSfV9bNw12EJTPvNr7Pvaa", "tag": "", "chainType": "trc20"}),
  req("POST", "/api/fi/v3/asset/doWithdraw", body={"currencyCode": "USDT", "amount": "1000", "address": "TU4vEruvZwLLkSfV9bNw12EJTPvNr7Pvaa", "chainType": "trc20"}, provenance="inferred", source="parameter table: tag is optional")],
 [rep({"code": "0", "message": "Success", "data": {"id": 4886}})], OKS + F("data.", "id:n"),
 P("currencyCode:string! amount:string! address:string! tag:string chainType:string!"),
 ["chainType is the chainProtocol of the currency: trc20, bnbbsc, erc20, sol.", "Only to addresses that the web or app has freed from verification; not by ordinary sub-accounts."],
 [D("failures", "Balance 102150808; amount and limits 102150400; currency, chain and address 101040502; sub-account 6001.", "cs§7.14", "proposed"),
  D("fee", "max(withdrawFee + amount * withdrawFeePlatform, withdrawFeeMin).", "cs§7.14", "proposed")])
rest("withdraw_cancel", "资金相关 > 撤销提币", "cs§7.14", "POST", "/api/fi/v3/asset/cancelWithdraw", "private",
 [req("POST", "/api/fi/v3/asset/cancelWithdraw", body={"withdrawId": 4886})], [rep({"code": "0", "message": "Success", "data": {"id": 4886}})],
 OKS + F("data.", "id:n"), P("withdrawId:integer!"), [], [D("state", "Only from 0, to 6; else 102150400.", "cs§7.14", "proposed")])
rest("transfer", "资金相关 > 划转资产", "cs§7.14", "POST", "/api/v1/future/transfer", "private",
 [req("POST", "/api/v1/future/transfer", body={"type": "0", "currencyCode": "USDT", "amount": "1", "from": "1", "to": "2", "subAccount": ""}),
  req("POST", "/api/v1/future/transfer", body={"type": "1", "currencyCode": "USDT", "amount": "1", "from": 1, "to": 2, "subAccount": "sub-1"}, provenance="inferred", source="parameter table: from and to are integers")],
 [rep({"code": "0", "message": "Success"})], OKS,
 P("type:string!=0|0,1,2 currencyCode:string! amount:string! from:integer!|1,2 to:integer!|1,2 subAccount:string"),
 ["type: 0 within the account, 1 parent to sub-account, 2 back; 1 and 2 need subAccount, the login name, and a key of the parent.", "1 is spot, 2 futures. No data."],
 [D("host, types of from and to, success code", "Any host; integers or their digits; the string 0. 102150400 is listed twice: bad amount, and failure.", "cs§13", "published", 15),
  D("from = to", "101040502.", "cs§7.14", "proposed")])
# --- market
rest("tickers", "行情相关 > Ticker", "cs§7.15", "GET", "/api/v1/market/tickers", "public", [req("GET", "/api/v1/market/tickers")],
 [rep({"data": [{"channel": "ticker", "bidSize": "454.2", "askSize": "542.6", "count": 41723, "volume": "24121351.85", "amount": "1693799.10798965", "close": "0.067998", "open": "0.071842", "high": "0.072453", "low": "0.067985", "bid": "0.0679", "ask": "0.0681", "symbol": "TRXUSDT", "instrumentId": 2}], "code": 0})],
 OK + F("data[].", "channel:s bidSize:s askSize:s count:n volume:s amount:s close:s open:s high:s low:s bid:s ask:s symbol:s instrumentId:n"), [],
 ["volume counts base, amount quote currency."], [D("descriptions of volume and amount", "Swapped in the table; the figures of the example decide.", "cs§13", "inferred", 11)])
rest("depth", "行情相关 > 获取深度", "cs§7.16", "GET", "/api/v1/market/depth/{symbol}", "public",
 [req("GET", "/api/v1/market/depth/BTCUSDT", "depth=5", provenance="inferred", source="parameter table and example"), req("GET", "/api/v1/market/depth/BTCUSDT", provenance="inferred", source="parameter table")],
 [rep({"data": {"channel": "4@depth@5", "level": 5, "a": [["41995", "0.018144", -1], ["41995.5", "0.008279", -1]], "b": [["41991.5", "0.548567", 1], ["41991", "0.013168", 1]], "symbol": "BTCUSDT", "instrumentId": 4}, "code": 0})],
 OK + F("data.", "channel:s level:n a[][0]:s a[][1]:s a[][2]:n b[][0]:s b[][1]:s b[][2]:n symbol:s instrumentId:n"),
 [{"name": "symbol", "in": "path", "required": True, "type": "string"}] + P("depth:integer=20|5,10,20,50,100", "query"),
 ["The flag is -1 of asks and 1 of bids. Best level first on both sides."], [D("other depth", "20.", "cs§7.16", "proposed"), D("pairs or triples", "Triples over REST and on the stream.", "cs§13", "third_party", 19)])
rest("kline", "行情相关 > 获取K线", "cs§7.17", "GET", "/api/v1/market/kline/{symbol}", "public",
 [req("GET", "/api/v1/market/kline/BTCUSDT", "period=1week&size=1", provenance="inferred", source="parameter table and example")],
 [rep({"data": {"channel": "4@kline@week_1", "item": [{"endTime": 1641744059, "amount": "98630624.103511453", "interval": "week_1", "startTime": 1641744000, "firstTradeId": 14547884, "lastTradeId": 14799534, "volume": "2307.742209", "close": "43196.0002", "open": "41628.2582", "high": "52250.3884", "low": "39654.039"}], "symbol": "BTCUSDT", "instrumentId": 4}, "code": 0})],
 OK + F("data.", "channel:s") + F("data.item[].", "endTime:n amount:s interval:s startTime:n firstTradeId:n lastTradeId:n volume:s close:s open:s high:s low:s") + F("data.", "symbol:s instrumentId:n"),
 [{"name": "symbol", "in": "path", "required": True, "type": "string"}] + P("period:string=1min|1min,5min,15min,30min,60min,4hour,12hour,1day,1week size:integer=20", "query"),
 ["size: 1 to 2000. Times in seconds. amount counts quote currency.", "endTime of the example is 59 s after startTime, even of a week."],
 [D("default 20", "It belongs to size; period is 1min without a value. Four spellings of periods: the table of candles.json.", "cs§13", "proposed", 12),
  D("endTime", "startTime + interval - 1.", "cs§7.17", "proposed"), D("order", "Ascending; no candle without a trade.", "cs§7.17", "proposed")])
trow = {"channel": "4@trade", "time": 1642495112, "volume": "0.011102", "price": "41732.3305", "tradeId": 14867136, "takerSide": "BUY", "seq": 14867136, "ts": 1642495112000, "symbol": "BTCUSDT", "instrumentId": 4}
rest("trades", "行情相关 > 最新成交", "cs§7.18", "GET", "/api/v1/market/trade/{symbol}", "public",
 [req("GET", "/api/v1/market/trade/BTCUSDT", "size=1", provenance="inferred", source="parameter table and example")], [rep({"data": [trow], "code": 0})],
 OK + F("data[].", "channel:s time:n volume:s price:s tradeId:n takerSide:s seq:n ts:n symbol:s instrumentId:n"),
 [{"name": "symbol", "in": "path", "required": True, "type": "string"}] + P("size:integer=20", "query"),
 ["size: 1 to 100; newest first. time in seconds, ts in milliseconds. seq equals tradeId here, not on the stream.", "interval of the table never appears."],
 [D("default size", "20.", "cs§7.18", "proposed"), D("seconds or milliseconds", "ts is in milliseconds although the prose says that all times are seconds.", "cs§13", "published", 21)])
rest("ticker_price", "行情相关 > 获取所有交易对最新价格", "cs§7.19", "GET", "/api/v1/ticker/price", "public",
 [req("GET", "/api/v1/ticker/price"), req("GET", "/api/v1/ticker/price;symbol=BTCUSDT,EOSUSDT,AUTUSDT")],
 [rep({"code": 0, "message": "", "data": [{"id": 1, "symbol": "BTCUSDT", "price": "400"}, {"id": 4, "symbol": "AUTUSDT", "price": "1"}]})],
 OK + F("", "message:s") + F("data[].", "id:n symbol:s price:s"),
 [{"name": "symbol", "in": "matrix", "required": False, "type": "string"}],
 ["The filter is a matrix parameter of the path, comma separated, case-sensitive; a query ?symbol= is ignored.", "A parser of URLs must keep ; in the path."],
 [D("symbol required or optional, upper or lower case", "Optional; upper case.", "cs§13", "third_party", 18), D("unknown and never traded pairs", "Left out.", "cs§7.19", "proposed")])
# --- extras
H = dict(document="pages before 2022-09; live clients")
AGG = "rows composed from the field list of cs§7.20"
MSG = F("", "code:s message:s~")
def agg(name, path, data, fields, requests=None, params=(), notes=(), **kw):
    rest(name, "Aggregator endpoints", "cs§7.20", "GET", path, "public", requests or [req("GET", path, provenance="historical", source="pages before 2022-09")],
     [rep({"code": "0", "message": None, "data": data}, "inferred", source=AGG)], MSG + fields, params, ["Host root, without /api.", *notes], [], **H)
agg("public_assets", "/v2/public/assets", {"BTC": {"name": "btc", "unified_cryptoasset_id": 1, "can_withdraw": "true", "can_deposit": "true", "min_withdraw": "0.001", "max_withdraw": "100", "maker_fee": "0.002", "taker_fee": "0.002"}},
 F("data{}.", "name:s unified_cryptoasset_id:n can_withdraw:s can_deposit:s min_withdraw:s max_withdraw:s maker_fee:s taker_fee:s"), notes=["/v3/public/assets is still called by clients."])
agg("public_summary", "/v2/public/summary", [{"trading_pairs": "BTC_USDT", "last_price": "41995", "lowest_ask": "41995.5", "highest_bid": "41991.5", "base_volume": "2307.742209", "quote_volume": "98630624.1", "price_change_percent_24h": "3.76", "highest_price_24h": "52250.3884", "lowest_price_24h": "39654.039", "base_currency": "BTC", "quote_currency": "USDT"}],
 F("data[].", "trading_pairs:s last_price:s lowest_ask:s highest_bid:s base_volume:s quote_volume:s price_change_percent_24h:s highest_price_24h:s lowest_price_24h:s base_currency:s quote_currency:s"))
agg("public_ticker", "/v2/public/ticker", {"BTC_USDT": {"base_id": 1, "quote_id": 825, "last_price": "41995", "quote_volume": "98630624.1", "base_volume": "2307.742209", "isFrozen": 0}},
 F("data{}.", "base_id:n quote_id:n last_price:s quote_volume:s base_volume:s isFrozen:n"))
agg("public_orderbook", "/v2/public/orderbook/market_pair", {"timestamp": 1642495112, "bids": [["41991.5", "0.548567"]], "asks": [["41995", "0.018144"]]},
 F("data.", "timestamp:n bids[][0]:s bids[][1]:s asks[][0]:s asks[][1]:s"),
 [req("GET", "/v2/public/orderbook/market_pair", "market_pair=BTC_USDT&level=2&depth=5", provenance="inferred", source="parameter list of cs§7.20")], P("market_pair:string! level:integer depth:integer", "query"), ["timestamp in seconds.", "/v3/public/orderbook/market_pair is still called by clients."])
TR = [{"trade_id": 14867136, "price": "41732.3305", "base_volume": "0.011102", "quote_volume": "463.31", "timestamp": 1642495112, "type": "buy"}]
TRF = F("data[].", "trade_id:n price:s base_volume:s quote_volume:s timestamp:n type:s")
agg("public_trades", "/v2/public/trades/market_pair", TR, TRF, [req("GET", "/v2/public/trades/market_pair", "market_pair=BTC_USDT", provenance="inferred", source="parameter list of cs§7.20")], P("market_pair:string!", "query"))
agg("public_historical_trades", "/v2/public/trades/historical_trades", TR, TRF, [req("GET", "/v2/public/trades/historical_trades", "market_pair=BTC_USDT", provenance="inferred", source="parameter list of cs§7.20")], P("market_pair:string!", "query"))
rest("config_symbols", "not in the document", "cs§7.20", "GET", "/api/v1/config/symbols", "public",
 [req("GET", "/api/v1/config/symbols", provenance="third_party", source="clients of 2021")], [rep({"data": [{"id": 4, "symbol": "BTCUSDT"}], "code": 0}, "third_party", source="clients of 2021; the envelope is that of market data")],
 OK + F("data[].", "id:n symbol:s"), [], [], [], document="clients of 2021")
