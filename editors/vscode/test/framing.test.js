'use strict';
const assert = require('assert');
const { test } = require('node:test');
const { PassThrough } = require('stream');
const { encode, Decoder } = require('../client/framing');
const { Connection } = require('../client/connection');

const messages = [{ id: 1, result: null }, { method: 'é€😀', params: { text: 'x'.repeat(3000) } }, { id: 2 }];

test('messages are found however the stream is cut', () => {
  const bytes = Buffer.concat(messages.map(encode));
  for (const size of [1, 2, 7, 100, bytes.length]) {
    const decoder = new Decoder();
    const found = [];
    for (let start = 0; start < bytes.length; start += size) found.push(...decoder.push(bytes.subarray(start, start + size)));
    assert.deepStrictEqual(found, messages);
  }
});

test('the length counts bytes, and other header fields are passed over', () => {
  const body = Buffer.from('{"method":"é"}');
  assert.match(encode({ method: 'é' }).toString(), /^Content-Length: 15\r\n\r\n/);
  const head = `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`;
  assert.deepStrictEqual(new Decoder().push(Buffer.concat([Buffer.from(head), body])), [{ method: 'é' }]);
});

test('what is no message is an error, not a wait without end', () => {
  assert.throws(() => new Decoder().push(Buffer.from('Content-Type: x\r\n\r\n{}')), /without a length/);
  assert.throws(() => new Decoder().push(Buffer.from('Content-Length: 2\r\n\r\n{]')), SyntaxError);
  assert.throws(() => new Decoder().push(Buffer.alloc(5000, 'x')), /no message/);
});

function connect() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const errors = [];
  const sent = [];
  const decoder = new Decoder();
  output.on('data', chunk => sent.push(...decoder.push(chunk)));
  return { input, sent, errors, connection: new Connection(input, output, error => errors.push(error)) };
}
const settle = () => new Promise(resolve => setImmediate(resolve));

test('answers reach the request with their number, in any order', async () => {
  const { input, connection, sent } = connect();
  const [first, second] = [connection.request('a', {}), connection.request('b', {})];
  await settle();
  assert.deepStrictEqual(sent.map(({ id, method }) => [id, method]), [[1, 'a'], [2, 'b']]);
  input.write(encode({ jsonrpc: '2.0', id: 2, result: 'two' }));
  input.write(encode({ jsonrpc: '2.0', id: 1, error: { code: -32800, message: 'cancelled' } }));
  assert.strictEqual(await second, 'two');
  await assert.rejects(first, { message: 'cancelled', code: -32800 });
});

test('a request of the server is answered, an unknown one too', async () => {
  const { input, connection, sent } = connect();
  connection.onRequest('double', async n => 2 * n);
  input.write(encode({ id: 'x', method: 'double', params: 4 }));
  input.write(encode({ id: 'y', method: 'other' }));
  await settle();
  assert.deepStrictEqual(sent.find(({ id }) => id === 'x').result, 8);
  assert.strictEqual(sent.find(({ id }) => id === 'y').error.code, -32601);
});

test('the end of the server ends what waits for it', async () => {
  const { input, connection, errors } = connect();
  const waiting = connection.request('a', {});
  input.end();
  await assert.rejects(waiting, /has ended/);
  await assert.rejects(connection.request('b', {}), /has ended/);
  assert.deepStrictEqual(errors, []);
});

test('a broken stream is told once', async () => {
  const { input, connection, errors } = connect();
  const waiting = connection.request('a', {});
  input.write('garbage\r\n\r\n');
  input.write('more\r\n\r\n');
  await assert.rejects(waiting);
  assert.strictEqual(errors.length, 1);
});
