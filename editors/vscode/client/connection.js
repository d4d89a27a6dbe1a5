'use strict';
// JSON-RPC 2.0 over two streams.

const { encode, Decoder } = require('./framing');

const METHOD_NOT_FOUND = -32601;

class Connection {
  /**
   * @param input   what the server writes
   * @param output  what the server reads
   * @param onError told once when the input is no sequence of messages
   */
  constructor(input, output, onError) {
    this.output = output;
    this.onError = onError;
    this.pending = new Map();
    this.notifications = new Map();
    this.requests = new Map();
    this.lastID = 0;
    this.isClosed = false;
    const decoder = new Decoder();
    input.on('data', chunk => this.receive(decoder, chunk));
    input.on('end', () => this.close(new Error('the server has ended')));
    output.on('error', error => this.close(error));
  }

  receive(decoder, chunk) {
    if (this.isClosed) return;
    try {
      for (const message of decoder.push(chunk)) this.dispatch(message);
    } catch (error) {
      this.close(error);
      this.onError(error);
    }
  }

  /** The result of a request; a cancellation token of the editor is passed on to the server. */
  request(method, params, token) {
    if (this.isClosed) return Promise.reject(new Error('the server has ended'));
    const id = ++this.lastID;
    const cancellation = token && token.onCancellationRequested(() => this.notify('$/cancelRequest', { id }));
    const answer = new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
    this.send({ jsonrpc: '2.0', id, method, params });
    return answer.finally(() => cancellation && cancellation.dispose());
  }

  notify(method, params) {
    if (!this.isClosed) this.send({ jsonrpc: '2.0', method, params });
  }

  onNotification(method, handler) {
    this.notifications.set(method, handler);
  }

  onRequest(method, handler) {
    this.requests.set(method, handler);
  }

  send(message) {
    this.output.write(encode(message));
  }

  dispatch(message) {
    if (message.method !== undefined && message.id !== undefined) return this.answer(message);
    if (message.method !== undefined) {
      const handler = this.notifications.get(message.method);
      return handler && handler(message.params);
    }
    const waiting = this.pending.get(message.id);
    if (!waiting) return;
    this.pending.delete(message.id);
    if (message.error) waiting.reject(Object.assign(new Error(message.error.message), { code: message.error.code }));
    else waiting.resolve(message.result);
  }

  async answer({ id, method, params }) {
    const handler = this.requests.get(method);
    if (!handler) {
      return this.send({ jsonrpc: '2.0', id, error: { code: METHOD_NOT_FOUND, message: `no method ${method}` } });
    }
    this.send({ jsonrpc: '2.0', id, result: (await handler(params)) ?? null });
  }

  /** Ends everything that waits for an answer. */
  close(reason) {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { reject } of this.pending.values()) reject(reason);
    this.pending.clear();
  }
}

module.exports = { Connection };
