// @okfe/okex-node as a driver, and an example of one in another language: JSON lines on stdin and stdout, see PROTOCOL.md.
//
// The client sends what it is given and hands on what it gets: numbers stay the text that they are. It keeps no book, pages by
// nothing, and renews no lost socket, so none of that is offered. Words of the venue are translated, nothing is repaired.
'use strict';

const http = require('node:http');
const readline = require('node:readline');
const { PublicClient, AuthenticatedClient, V3WebsocketClient } = require('@okfe/okex-node');
const { version } = require('@okfe/okex-node/package.json');
const {
  Refused, accepted, channelName, described, eventOf, given, inOrder, orderBody,
  toBalance, toBook, toCandle, toEntry, toFills, toOrder, toPayment, toReceipt, toTicker, toTrade, words,
} = require('./words.js');

console.log = console.error; // the client reports there; the standard output belongs to the conversation

let session;

// --- the stream

class Stream {
  constructor(url, patience) {
    this.patience = patience;
    this.connected = false;
    this.answers = []; // {wanted, resolve, reject}
    this.events = new Map(); // channel -> events that nobody has asked for
    this.waiting = new Map(); // channel -> who asks
    this.client = new V3WebsocketClient(url);
    this.client.on('open', () => { this.connected = true; });
    this.client.on('close', () => { this.connected = false; });
    this.client.on('message', (text) => this.take(JSON.parse(text)));
  }

  take(message) {
    if (message.event === 'error') {
      for (const { reject } of this.answers.splice(0)) reject(new Refused(message));
    } else if (message.event) {
      const name = `${message.event} ${message.channel || ''}`.trim();
      const at = this.answers.findIndex(({ wanted }) => wanted === name);
      if (at >= 0) this.answers.splice(at, 1)[0].resolve();
    }
    for (const row of message.data || []) {
      const name = `${message.table}:${row.instrument_id || row.currency}`;
      const next = this.waiting.get(name);
      if (next) next(eventOf(message.table, row));
      else if (this.events.has(name)) this.events.get(name).push(eventOf(message.table, row));
    }
  }

  answered(wanted) {
    return new Promise((resolve, reject) => {
      const answer = { wanted, resolve, reject };
      this.answers.push(answer);
      setTimeout(() => {
        this.answers = this.answers.filter((each) => each !== answer);
        reject(Object.assign(new Error(`no answer to ${wanted}`), { late: true }));
      }, this.patience).unref();
    });
  }

  open() {
    return new Promise((resolve, reject) => {
      this.client.once('open', resolve);
      this.client.connect();
      this.client.socket.once('error', reject); // the client itself listens to no errors
      this.client.socket.on('error', () => {});
    });
  }

  next(name, timeout) {
    const events = this.events.get(name);
    if (!events || events.length) return Promise.resolve(events ? events.shift() : null);
    return new Promise((resolve) => {
      const done = (event) => { clearTimeout(timer); this.waiting.delete(name); resolve(event); };
      const timer = setTimeout(() => done(null), timeout);
      this.waiting.set(name, done);
    });
  }
}

// --- the operations

const operations = {
  instruments: async () => ({
    instruments: (await session.public.getSpotInstruments()).map((row) => ({
      symbol: row.instrument_id,
      base: row.base_currency,
      quote: row.quote_currency,
      tick_size: row.tick_size,
      lot_size: row.size_increment,
      min_qty: row.min_size,
    })),
  }),
  currencies: async () => ({
    currencies: (await session.account.getCurrencies()).map((row) => ({ currency: row.currency, chain: row.chain })),
  }),
  ticker: async ({ symbol }) => ({ ticker: toTicker(await session.public.getSpotTicker(symbol)) }),
  tickers: async () => ({ tickers: (await session.public.getSpotTicker()).map(toTicker) }),
  book: async ({ symbol, limit }) => ({ book: toBook(await session.public.getSpotBook(symbol, given({ size: limit }))) }),
  trades: async ({ symbol, limit }) => ({ trades: (await session.public.getSpotTrade(symbol, given({ limit }))).map(toTrade) }),
  candles: async ({ symbol, interval_s: granularity, start_ms: start, end_ms: end }) => {
    const iso = (time) => (time === undefined ? undefined : new Date(time).toISOString());
    const rows = await session.public.getSpotCandles(symbol, given({ granularity, start: iso(start), end: iso(end) }));
    return { candles: rows.map(toCandle).reverse() }; // the venue's newest first
  },

  place_order: async (order) => toReceipt(accepted(await session.spot.postOrder(orderBody(order)))),
  place_orders: async ({ orders }) => inOrder(orders, await session.spot.postBatchOrders(orders.map(orderBody))),
  cancel_order: async ({ symbol, order_id: id, client_id: own }) =>
    toReceipt(accepted(await session.spot.postCancelOrder(id || own, { instrument_id: symbol }))),
  cancel_orders: async ({ orders }) => {
    const items = new Map();
    for (const { symbol, order_id: id, client_id: own } of orders) {
      const kind = id ? 'order_ids' : 'client_oids';
      const key = `${symbol} ${kind}`;
      if (!items.has(key)) items.set(key, { instrument_id: symbol, [kind]: [] });
      items.get(key)[kind].push(id || own);
    }
    return inOrder(orders, await session.spot.postCancelBatchOrders([...items.values()]));
  },
  order: async ({ symbol, order_id: id, client_id: own }) =>
    ({ order: toOrder(accepted(await session.spot.getOrder(id || own, { instrument_id: symbol }))) }),
  open_orders: async ({ symbol }) => ({
    orders: (await session.spot.getOrdersPending(symbol ? { instrument_id: symbol } : undefined)).map(toOrder),
  }),
  orders: async ({ symbol, status }) => {
    const state = { filled: '2', cancelled: '-1', closed: '7' }[status];
    return { orders: (await session.spot.getOrders({ instrument_id: symbol, state })).map(toOrder) };
  },
  fills: async ({ symbol, order_id }) => ({ fills: toFills(await session.spot.getFills(given({ instrument_id: symbol, order_id }))) }),

  balances: async () => ({ balances: (await session.spot.getAccounts()).map(toBalance) }),
  ledger: async ({ currency }) => ({ entries: (await session.spot.getLedger(currency)).map(toEntry) }),
  wallet: async () => ({ balances: (await session.account.getWallet()).map(toBalance) }),
  wallet_ledger: async ({ currency }) => ({
    entries: (await session.account.getLedger(currency ? { currency } : undefined)).map(toEntry),
  }),
  transfer: async ({ currency, amount, source, target }) => {
    const body = { currency, amount, from: words.wallets[source] || source, to: words.wallets[target] || target };
    return { transfer_id: accepted(await session.account.postTransfer(body)).transfer_id };
  },
  deposit_addresses: async ({ currency }) => ({
    addresses: (await session.account.getAddress(currency)).map(({ address, tag, chain }) => given({ address, tag, chain })),
  }),
  deposits: async ({ currency }) => ({
    payments: (await session.account.getDepositHistory(currency)).map(toPayment(words.deposit_statuses)),
  }),
  withdrawals: async ({ currency }) => ({
    payments: (await session.account.getWithdrawalHistory(currency)).map(toPayment(words.withdrawal_statuses)),
  }),
  withdraw: async ({ currency, amount, address, tag, chain, fee, password, internal }) => {
    const body = {
      currency, amount, destination: internal ? '5' : '-1', to_address: tag ? `${address}:${tag}` : address, trade_pwd: password, fee, chain,
    };
    return { withdrawal_id: String(accepted(await session.account.postWithdrawal(given(body))).withdraw_id) };
  },
  withdrawal_fees: async ({ currency }) => ({
    fees: (await session.account.getWithdrawalFee(currency)).map((row) => ({
      currency: row.currency, chain: row.chain, minimum: row.min_fee, maximum: row.max_fee,
    })),
  }),

  stream_open: async ({ private: login }) => {
    closeStream();
    const stream = new Stream(session.settings.ws.main, session.settings.timeout_ms);
    session.stream = stream;
    await stream.open();
    if (login) {
      const { api_key: key, secret, passphrase } = session.settings.credentials;
      const answer = stream.answered('login');
      stream.client.login(key, secret, passphrase);
      await answer;
    }
    return {};
  },
  stream_close: async () => { closeStream(); return {}; },
  stream_state: async () => ({ connected: Boolean(session.stream && session.stream.connected) }),
  subscribe: async (channel) => {
    const name = channelName(channel);
    session.stream.events.set(name, []);
    const answer = session.stream.answered(`subscribe ${name}`);
    session.stream.client.subscribe(name);
    await answer;
    return {};
  },
  unsubscribe: async (channel) => {
    const name = channelName(channel);
    const answer = session.stream.answered(`unsubscribe ${name}`);
    session.stream.client.unsubscribe(name);
    await answer;
    return {};
  },
  next_event: async ({ timeout_ms: timeout, ...channel }) => ({
    event: session.stream ? await session.stream.next(channelName(channel), timeout) : null,
  }),
};

const features = [
  'place_order.market', 'place_order.post_only', 'place_order.ioc', 'place_order.fok', 'place_order.client_id',
  'cancel_order.client_id', 'order.client_id', 'error.code',
  'subscribe.ticker', 'subscribe.trades', 'subscribe.book', 'subscribe.candles', 'subscribe.orders', 'subscribe.balances',
];

function closeStream() {
  if (session && session.stream) session.stream.client.close();
  if (session) session.stream = undefined;
}

function stop() {
  closeStream();
  http.globalAgent.destroy(); // connections that were kept for later requests
  session = undefined;
}

const housekeeping = {
  start: async (settings) => {
    stop();
    const { api_key: key, secret, passphrase } = settings.credentials || { api_key: '', secret: '', passphrase: '' };
    const signed = AuthenticatedClient(key, secret, passphrase, settings.rest, settings.timeout_ms);
    const open = PublicClient(settings.rest, settings.timeout_ms);
    session = { settings, public: open.spot(), spot: signed.spot(), account: signed.account() };
    const client = { name: 'okex-node', version, language: 'JavaScript' };
    return { protocol: 1, client, capabilities: [...Object.keys(operations), ...features] };
  },
  stop: async () => { stop(); return {}; },
  settle: async () => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
    return {};
  },
};

// --- the conversation

async function reply({ id, op, params }) {
  const operation = operations[op] || housekeeping[op];
  if (!operation) return { id, unsupported: `this client has no ${op}` };
  if (!session && op !== 'start' && op !== 'stop') return { id, error: { kind: 'bad_request', message: `${op} before start` } };
  try {
    return { id, result: await operation(params) };
  } catch (error) {
    return { id, error: described(error) };
  }
}

async function converse() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line.trim()) process.stdout.write(`${JSON.stringify(await reply(JSON.parse(line)))}\n`);
  }
  stop();
  process.exit(0);
}

converse();
