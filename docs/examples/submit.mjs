#!/usr/bin/env node
// Submits one order and repeats it until the answer is final: submit.mjs URL FILE
// SLUICE_API_KEY is the key, where the node asks for one.
// Needs Node.js 18 or newer and nothing else. Exit code 0: committed or queued, 1: refused, 4: no answer that is final.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const ATTEMPTS = 6
const TIMEOUT_MS = 10_000 // longer than the node's HTTP deadline, which is 5 s by default
const WAIT_MAX_MS = 10_000
const AGAIN = new Set([408, 429, 500, 502, 503, 504])

async function post(url, headers, body) {
  const answer = await fetch(`${url}/orders`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), document: await answer.text() }
}

// As the server asks, else a random time that grows, so that clients do not come back all at once.
function pause(attempt, retryAfter) {
  const asked = /^\d+$/.test(retryAfter ?? '') ? 1000 * Number(retryAfter) : Math.random() * 100 * 2 ** attempt
  return sleep(Math.min(asked, WAIT_MAX_MS))
}

// The bytes are sent as they are: JavaScript would read a price that is a JSON number through a double.
async function submit(url, body) {
  const headers = { 'Content-Type': 'application/json' }
  if (process.env.SLUICE_API_KEY) headers.Authorization = `Bearer ${process.env.SLUICE_API_KEY}`
  if (!('clientOrderId' in JSON.parse(body))) {
    headers['Idempotency-Key'] = `"${randomUUID()}"` // made once: every repetition is the same order
  }
  let last = { status: 0, retryAfter: null, document: '' }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      last = await post(url, headers, body)
      if (!AGAIN.has(last.status)) return last
    } catch (lost) { // refused, reset, timed out: the order may have been stored, so it is repeated
      last = { status: 0, retryAfter: null, document: String(lost.cause ?? lost) }
    }
    if (attempt + 1 < ATTEMPTS) await pause(attempt, last.retryAfter)
  }
  return last
}

const [url, file] = process.argv.slice(2)
const { status, document } = await submit(url, await readFile(file))
console.log(document)
process.exitCode = status === 201 || status === 202 ? 0 : status === 0 || AGAIN.has(status) ? 4 : 1
