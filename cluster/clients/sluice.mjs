// A client of Sluice's TCP event-bus bridge for Node.js 18 or newer, without dependencies.
//
//   import { Sluice } from './sluice.mjs';
//   const sluice = await Sluice.connect({ port: 7000 });
//   const result = await sluice.submit({ clientOrderId: 'web-1', customerId: 'c-1', currency: 'EUR', items: [...] });
//
// A frame is four bytes of length, big-endian, and a JSON object. submit() sends again what it surely may: orders that were
// surely not stored, and those of which it does not know if they have a clientOrderId. So give every order one.

import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const ADDRESS = 'orders.submit';
const COMMITTED = 'orders.committed';

const hasKey = (order) => order?.clientOrderId !== undefined;
const mayFollow = (order, result) => result.status === 503 && (hasKey(order) || result.code === 'not_stored');

export class Sluice {
  #options;
  #opening = null;
  #socket = null;
  #received = Buffer.alloc(0);
  #waiting = new Map();
  #next = 0;
  #onCommitted = null;

  constructor(options) {
    this.#options = { host: '127.0.0.1', port: 7000, attempts: 5, answerMs: 10_000, pingMs: 60_000, ...options };
  }

  static async connect(options = {}) {
    const sluice = new Sluice(options);
    await sluice.#open();
    return sluice;
  }

  /** One order, or an array of them; the result object, or an array of them. Sends again what may be sent again. */
  async submit(orders) {
    const one = !Array.isArray(orders);
    const results = [];
    let left = (one ? [orders] : orders).map((order, at) => ({ order, at }));
    let error;
    for (let attempt = 1; attempt <= this.#options.attempts; attempt++) {
      const [failure, waitMs] = await this.#attempt(one, left, results, attempt);
      error = failure;
      left = left.filter(({ order, at }) => !results[at] || mayFollow(order, results[at]));
      if ((!error && left.length === 0) || waitMs === null || attempt === this.#options.attempts) break;
      await pause(waitMs);
    }
    if (error && results.length === 0) throw error;
    return one ? results[0] : results;
  }

  /** Why it failed, if it did, and when what is left may be sent again: null is never. */
  async #attempt(one, left, results, attempt) {
    let sent = false;
    try {
      await this.#open();
      sent = true;
      const { body, headers } = await this.#request(one ? left[0].order : left.map(({ order }) => order));
      [body].flat().forEach((result, i) => (results[left[i].at] = { ...result, line: left[i].at + 1 }));
      return [undefined, 1000 * Number(headers['retry-after'] ?? 1)];
    } catch (failure) {
      if (failure.refused) return [failure, failure.retryAfterSeconds === undefined ? null : 1000 * failure.retryAfterSeconds];
      const harmless = !sent || left.every(({ order }) => hasKey(order));
      return [failure, harmless ? 100 * 2 ** attempt : null];
    }
  }

  /** Calls with {account, orders} for every batch that PostgreSQL commits from now on; at most once each. */
  async onCommitted(callback) {
    this.#onCommitted = callback;
    await this.#open();
    this.#send({ type: 'register', address: COMMITTED });
  }

  close() {
    this.#onCommitted = null;
    this.#socket?.destroy();
  }

  /** One connection for all who ask at once. */
  #open() {
    this.#opening ??= this.#connect().catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #connect() {
    const socket = net.connect(this.#options);
    await new Promise((connected, failed) => socket.once('connect', connected).once('error', failed));
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    // The bridge ends a connection that is silent for 300 s.
    const ping = setInterval(() => this.#send({ type: 'ping' }), this.#options.pingMs).unref();
    socket.on('close', () => (clearInterval(ping), this.#lost()));
    this.#received = Buffer.alloc(0);
    this.#socket = socket;
    if (this.#onCommitted) this.#send({ type: 'register', address: COMMITTED });
  }

  #lost() {
    this.#socket = null;
    this.#opening = null;
    for (const { failed } of this.#waiting.values()) failed(new Error('the connection was lost'));
    this.#waiting.clear();
    this.#followOn();
  }

  async #followOn() {
    while (this.#onCommitted && !this.#socket) {
      await this.#open().catch(() => pause(1000));
    }
  }

  async #request(orders) {
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
      const { failureCode: code, retryAfterSeconds } = frame;
      const refused = (code >= 400 && code < 500) || retryAfterSeconds !== undefined;
      const [only, another] = this.#waiting.keys(); // a frame that is none has no address
      const address = frame.address ?? (another === undefined ? only : undefined);
      this.#fail(address, Object.assign(new Error(frame.message), { code, refused, retryAfterSeconds }));
    }
  }
}
