// The venue's words, which the client takes and hands on as they are, and the protocol's. Numbers stay the text that they are.
'use strict';

const words = require('../okcoinjp.json');

const kindOfCode = new Map(Object.entries(words.error_kinds).flatMap(([kind, codes]) => codes.map((code) => [String(code), kind])));

// Snapshots of five levels, for books: nothing here keeps one from changes.
const channels = { ticker: 'ticker', trades: 'trade', book: 'depth5', orders: 'order', balances: 'account' };

class Refused extends Error {
  constructor(body, status) {
    super(body.message || body.error_message || JSON.stringify(body));
    this.body = body;
    this.status = status;
  }
}

function accepted(body) {
  if (body && (body.result === false || Number(body.code || body.error_code || 0))) throw new Refused(body);
  return body;
}

function described(error) {
  const status = error.status || (error.response && error.response.status);
  const body = error.body || (error.response && error.response.data) || {};
  const code = body.errorCode || body.code || body.error_code;
  let kind = { ECONNABORTED: 'timeout' }[error.code] || (error.code ? 'connection_lost' : 'other');
  if (error.late) kind = 'timeout';
  if (status) kind = status >= 500 ? 'unavailable' : words.status_kinds[status] || 'bad_request';
  if (code) kind = kindOfCode.get(String(code)) || kind;
  const message = String(body.message || body.error_message || error.message || error);
  return { kind, message, code: code ? String(code) : null, status: status || null, exception: error.name || null };
}

const ms = (time) => Date.parse(time);
const given = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const orderBody = (order) => given({
  instrument_id: order.symbol,
  side: order.side,
  type: order.type,
  price: order.price,
  size: order.qty,
  notional: order.notional,
  order_type: words.order_types[order.post_only ? 'post_only' : order.time_in_force || 'gtc'],
  client_oid: order.client_id,
});
const toReceipt = (row) => ({ order_id: row.order_id ? String(row.order_id) : null, client_id: row.client_oid || null });
const toOutcome = (row) => (Number(row.error_code || 0) ? { error: described(new Refused(row)) } : toReceipt(row));
const toOrder = (row) => ({
  order_id: row.order_id,
  client_id: row.client_oid || null,
  symbol: row.instrument_id,
  side: row.side,
  type: row.type,
  price: row.price || null,
  qty: row.size || null,
  filled_qty: row.filled_size || null,
  average_price: row.price_avg || null,
  status: words.order_statuses[row.state] || null,
  created_ms: ms(row.created_at),
});
const toBalance = (row) => ({ currency: row.currency, total: row.balance, available: row.available, held: row.hold });
const toTrade = (row) => ({
  trade_id: row.trade_id, price: row.price, qty: row.size, side: row.side, time_ms: ms(row.timestamp),
});
const toTicker = (row) => ({
  symbol: row.instrument_id,
  last: row.last || null,
  bid: row.best_bid || null,
  ask: row.best_ask || null,
  high: row.high_24h || null,
  low: row.low_24h || null,
  open: row.open_24h || null,
  volume: row.base_volume_24h || null,
  time_ms: ms(row.timestamp),
});
const toBook = (row) => {
  const levels = (side) => side.map(([price, qty]) => [price, qty]);
  return { bids: levels(row.bids), asks: levels(row.asks), time_ms: ms(row.timestamp) };
};
const toCandle = ([time, open, high, low, close, volume]) => ({ time_ms: ms(time), open, high, low, close, volume });
const toEntry = (row) => ({
  id: row.ledger_id, currency: row.currency, amount: row.amount, balance: row.balance, type: row.type, time_ms: ms(row.timestamp),
});
const toPayment = (statuses) => (row) => ({
  id: String(row.withdraw_id || row.deposit_id),
  currency: row.currency,
  chain: row.chain || null,
  amount: row.amount,
  fee: row.fee ? row.fee.replace(/[a-z]+$/, '') : null,
  status: statuses[row.status] || null,
  address: row.to || null,
  tag: row.tag || null,
  txid: row.txid || null,
  time_ms: ms(row.timestamp),
});

// The venue prints two rows for each fill: the first is what was received, less the fee; the base currency's row has the order's
// side and quantity (okj§9.4).
function toFills(rows) {
  const byTrade = new Map();
  for (const row of rows) byTrade.set(row.trade_id, [...(byTrade.get(row.trade_id) || []), row]);
  return [...byTrade.values()].map((pair) => {
    const base = pair.find((row) => row.currency === row.instrument_id.split('-')[0]);
    const received = pair.find((row) => row.side === 'buy');
    return {
      ...toTrade(base),
      order_id: base.order_id,
      symbol: base.instrument_id,
      fee: received.fee.startsWith('-') ? received.fee.slice(1) : received.fee === '0' ? '0' : `-${received.fee}`,
      fee_currency: received.currency,
      role: { M: 'maker', T: 'taker' }[base.exec_type] || null,
    };
  });
}

// The venue answers a batch by pair, in the order of the request, and writes a pair in its own ways (okj§9.3).
function inOrder(orders, reply) {
  const rows = Object.fromEntries(Object.entries(reply).map(([pair, found]) => [pair.toUpperCase().replace('_', '-'), [...found]]));
  return { outcomes: orders.map((order) => toOutcome(rows[order.symbol].shift())) };
}

function channelName({ channel, symbol, currency, interval_s: interval }) {
  return `spot/${channel === 'candles' ? `candle${interval}s` : channels[channel]}:${symbol || currency}`;
}

function eventOf(table, row) {
  const name = table.replace('spot/', '');
  if (name === 'ticker') return { ticker: toTicker(row) };
  if (name === 'trade') return { trades: [toTrade(row)] };
  if (name === 'depth5') return { book: toBook(row) };
  if (name === 'order') return { orders: [toOrder(row)] };
  if (name === 'account') return { balances: [toBalance(row)] };
  return { candles: [toCandle(row.candle)] };
}

module.exports = {
  Refused,
  accepted,
  channelName,
  described,
  eventOf,
  given,
  inOrder,
  orderBody,
  toBalance,
  toBook,
  toCandle,
  toEntry,
  toFills,
  toOrder,
  toPayment,
  toReceipt,
  toTicker,
  toTrade,
  words,
};
