// A client of Sluice's TCP event-bus bridge for Node.js 18 or newer, without dependencies.
//
//   import { Sluice } from './sluice.mjs';
//   const sluice = await Sluice.connect({ port: 7000 });
//   const result = await sluice.submit({ clientOrderId: 'web-1', customerId: 'c-1', currency: 'EUR', items: [...] });
//
// A frame is four bytes of length, big-endian, and a JSON object. Give every order a clientOrderId: only then may it be
// sent again, which submit() does while the result is 503 or no answer comes.

import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const ADDRESS = 'orders.submit';
const COMMITTED = 'orders.committed';

export class Sluice {
  #options;
  #socket = null;
  #received = Buffer.alloc(0);
  #waiting = new Map();
  #next = 0;
  #onCommitted = null;

  constructor(options) {
    this.#options = { host: '127.0.0.1', port: 7000, attempts: 5, answerMs: 10_000, ...options };
  }

  static async connect(options = {}) {
    const sluice = new Sluice(options);
    await sluice.#open();
    return sluice;
  }

  /** One order, or an array of them; the result object, or an array of them. Sends again what may be sent again. */
  async submit(orders) {
    let error;
    for (let attempt = 0; attempt < this.#options.attempts; attempt++) {
      try {
        const { body, headers } = await this.#request(orders);
        const open = [body].flat().some((result) => result.status === 503);
        if (!open || attempt === this.#options.attempts - 1) return body;
        await pause(1000 * Number(headers['retry-after'] ?? 1));
      } catch (failure) {
        if (failure.refused) throw failure;
        error = failure;
        await pause(100 * 2 ** attempt);
      }
    }
    throw error;
  }

  /** Calls with {account, orders} for every batch that PostgreSQL commits from now on; at most once each. */
  async onCommitted(callback) {
    this.#onCommitted = callback;
    await this.#open();
    this.#send({ type: 'register', address: COMMITTED });
  }

  close() {
    this.#socket?.destroy();
    this.#socket = null;
  }

  async #open() {
    if (this.#socket) return;
    const socket = net.connect(this.#options);
    await new Promise((connected, failed) => socket.once('connect', connected).once('error', failed));
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.#lost(socket));
    this.#received = Buffer.alloc(0);
    this.#socket = socket;
    if (this.#onCommitted) this.#send({ type: 'register', address: COMMITTED });
  }

  #lost(socket) {
    if (this.#socket === socket) this.#socket = null;
    for (const { failed } of this.#waiting.values()) failed(new Error('the connection was lost'));
    this.#waiting.clear();
  }

  async #request(orders) {
    await this.#open();
    const replyAddress = `reply-${this.#next++}`;
    return new Promise((answered, failed) => {
      const late = setTimeout(() => this.#fail(replyAddress, new Error('no answer came')), this.#options.answerMs);
      this.#waiting.set(replyAddress, {
        answered: (frame) => (clearTimeout(late), answered(frame)),
        failed: (error) => (clearTimeout(late), failed(error)),
      });
      this.#send({ type: 'send', address: ADDRESS, replyAddress, body: orders });
    });
  }

  #fail(replyAddress, error) {
    this.#waiting.get(replyAddress)?.failed(error);
    this.#waiting.delete(replyAddress);
  }

  #send(frame) {
    const json = Buffer.from(JSON.stringify(frame));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    this.#socket.write(Buffer.concat([length, json]));
  }

  #read(bytes) {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readUInt32BE(0);
      if (this.#received.length < end) return;
      const frame = JSON.parse(this.#received.subarray(4, end));
      this.#received = this.#received.subarray(end);
      this.#take(frame);
    }
  }

  #take(frame) {
    if (frame.type === 'message' && frame.address === COMMITTED) {
      this.#onCommitted?.(frame.body);
    } else if (frame.type === 'message') {
      this.#waiting.get(frame.address)?.answered({ headers: {}, ...frame });
      this.#waiting.delete(frame.address);
    } else if (frame.type === 'err') {
      const error = Object.assign(new Error(frame.message), { code: frame.failureCode });
      error.refused = frame.failureCode >= 400 && frame.failureCode < 500;
      this.#fail(frame.address, error);
    }
  }
}
