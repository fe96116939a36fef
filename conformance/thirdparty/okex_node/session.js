// @okfe/okex-node: its REST clients and its WebSocket client, by URL. Speaks the JSON lines that the package describes.
//
// Calls are named `public.<method>`, `spot.<method>`, `account.<method>` (the client's REST groups) and `socket.<method>`.
// Besides those, `open` connects the socket, and `receive` waits for its next message; a book's message comes with what the
// client itself thinks of its checksum.
'use strict';

const readline = require('readline');
const { PublicClient, AuthenticatedClient, V3WebsocketClient } = require('@okfe/okex-node');

console.log = console.error; // the client reports its connections there; the standard output belongs to the conversation

const lines = readline.createInterface({ input: process.stdin });
const messages = [];
const waiting = [];
let clients;

function connect(settings) {
  const { rest, ws, key, secret, passphrase } = settings;
  clients = {
    public: PublicClient(rest).spot(),
    spot: AuthenticatedClient(key, secret, passphrase, rest).spot(),
    account: AuthenticatedClient(key, secret, passphrase, rest).account(),
    socket: new V3WebsocketClient(ws.main),
  };
  clients.socket.on('message', (text) => {
    const message = JSON.parse(text);
    if (message.table === 'spot/depth') message.checksum_fits = clients.socket.checksum(text);
    const next = waiting.shift();
    if (next) next(message);
    else messages.push(message);
  });
}

function open() {
  return new Promise((resolve) => {
    clients.socket.once('open', resolve);
    clients.socket.connect();
  });
}

function receive() {
  return messages.length ? Promise.resolve(messages.shift()) : new Promise((resolve) => waiting.push(resolve));
}

async function call(name, args) {
  if (name === 'open') return open();
  if (name === 'receive') return receive();
  const [owner, method] = name.split('.');
  return clients[owner][method](...args);
}

async function answer(request) {
  try {
    const result = await call(request.call, request.args || []);
    return { id: request.id, result: result === undefined ? null : result };
  } catch (error) {
    return { id: request.id, error: { types: [error.constructor.name], message: String(error.message || error) } };
  }
}

lines.on('line', async (line) => {
  const value = JSON.parse(line);
  if (!clients) connect(value);
  else process.stdout.write(`${JSON.stringify(await answer(value))}\n`);
});
lines.on('close', () => process.exit(0));
