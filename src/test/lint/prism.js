// Sends the corpus and some more through validating Prism proxies in front of a running node, and fails where Prism
// finds an answer that the OpenAPI document does not describe, or where an answer has another status than expected.
//
//   node prism.js API_STRICT API_OPEN ADMIN_STRICT ADMIN_OPEN CORPUS
//
// The strict proxies check requests and answers, the open ones only answers: they let bad requests pass. Prism writes a
// JSON body anew before it sends it on, so a document that is bad only in its spelling (a duplicate key, 1e2) arrives as
// a good one, and ill-formed JSON does not arrive; in a bulk request of lines all arrive as they stand.
import { readFileSync } from "node:fs";

const [apiStrict, apiOpen, adminStrict, adminOpen, corpus] = process.argv.slice(2);
const lines = (name) => readFileSync(`${corpus}/${name}`, "utf8").split("\n").filter((line) => line !== "");
const good = lines("orders-good.ndjson");
const bad = lines("orders-bad.ndjson").map((line) => JSON.parse(line).document);
const oneLine = (document) => document.trim() !== "" && !/[\r\n]/.test(document);

const strict = new Set([apiStrict, adminStrict]);
let sent = 0;
const faults = [];

async function send(base, target, statuses, { type, headers, ...more } = {}) {
  const answer = await fetch(base + target, {
    ...more,
    headers: { ...(type && { "Content-Type": type }), ...headers },
  });
  const text = await answer.text();
  sent++;
  const violations = JSON.parse(answer.headers.get("sl-violations") ?? "[]");
  const refused = text.includes("stoplight.io/prism/errors");
  const what = `${more.method ?? "GET"} ${target} ${String(more.body ?? "").slice(0, 200)}`;
  // What an open proxy says of a bad request is right; only what it says of the answer counts.
  const wrong = violations.filter(({ location }) => strict.has(base) || location?.[0] !== "request");
  if (refused || wrong.length > 0) {
    faults.push(`${what}\n    prism: ${refused ? text : JSON.stringify(wrong)}`);
  } else if (!statuses.includes(answer.status)) {
    faults.push(`${what}\n    status ${answer.status}, expected ${statuses}: ${text.slice(0, 300)}`);
  }
  return text;
}

const JSON_TYPE = "application/json";
const NDJSON = "application/x-ndjson";
const order = (base, body, statuses, more = {}) =>
  send(base, "/orders", statuses, { method: "POST", type: JSON_TYPE, body, ...more });
const bulk = (base, body, statuses, more = {}) =>
  send(base, "/orders/batch", statuses, { method: "POST", type: NDJSON, body, ...more });

async function single() {
  for (const document of good) await order(apiStrict, document, [201]);
  for (const document of good) await order(apiStrict, document, [201]);
  for (const document of bad) await order(apiOpen, document, [201, 400, 413, 422]);
  const keyed = { clientOrderId: `prism-${Date.now()}`, customerId: "c-1", currency: "EUR" };
  const items = [{ sku: "A", quantity: 1, unitPrice: "1.50" }];
  const { id } = JSON.parse(await order(apiStrict, JSON.stringify({ ...keyed, items }), [201]));
  const other = JSON.stringify({ ...keyed, items: [...items, ...items] });
  await order(apiStrict, other, [422]);
  await order(apiStrict, good[0], [201, 400, 422], { headers: { "Idempotency-Key": '"prism"' } });
  await order(apiOpen, good[0], [415], { type: "text/plain" });
  await find(keyed.clientOrderId, id);
}

async function find(key, id) {
  await send(apiStrict, `/orders/${id}`, [200]);
  await send(apiStrict, `/orders?clientOrderId=${key}`, [200]);
  await send(apiStrict, `/orders/${id}?timing=1`, [200], { headers: { "X-Request-Id": "prism" } });
  await send(apiStrict, "/orders/00000000-0000-4000-8000-000000000000", [404]);
  await send(apiOpen, "/orders/none", [404]);
  await send(apiStrict, "/orders?clientOrderId=never-sent", [404]);
  await send(apiOpen, "/orders", [400]);
  await send(apiOpen, "/orders?clientOrderId=a&clientOrderId=b", [400]);
}

async function bulks() {
  const worse = bad.filter(oneLine);
  await bulk(apiStrict, good.join("\n"), [201]);
  await bulk(apiStrict, `[${good.join(",")}]`, [201], { type: JSON_TYPE });
  await bulk(apiOpen, [...good, ...worse].join("\n"), [207]);
  await bulk(apiOpen, worse.join("\n"), [400]);
  for (const document of worse) await bulk(apiOpen, document, [400]);
  await bulk(apiOpen, `[${good[0]},{}]`, [207], { type: JSON_TYPE });
  await bulk(apiOpen, `[${good[0]}`, [400], { type: JSON_TYPE });
  await bulk(apiOpen, "\n\n", [400]);
  await bulk(apiOpen, "x\n".repeat(10_001), [400, 413]);
  await bulk(apiOpen, `${" ".repeat(70_000)}x`, [400]);
  await bulk(apiOpen, good[0], [415], { type: "text/plain" });
  await bulk(apiOpen, good[0], [400], { headers: { "Idempotency-Key": "k" } });
}

async function documents() {
  await send(apiStrict, "/openapi.yaml", [200]);
  await send(apiStrict, "/docs", [200]);
}

async function admin() {
  const resize = (base, body, statuses) =>
    send(base, "/admin/verticles", statuses, { method: "PATCH", type: JSON_TYPE, body });
  for (const target of ["/healthz", "/readyz", "/metrics", "/version", "/admin/config", "/admin/verticles"]) {
    await send(adminStrict, target, [200]);
  }
  await send(adminStrict, "/admin/overflow", [200]);
  await send(adminStrict, "/admin/dead-letters?limit=10", [200]);
  await send(adminOpen, "/admin/dead-letters?limit=0", [400]);
  await send(adminOpen, "/admin/dead-letters?after=none", [400]);
  await resize(adminStrict, '{"http":2}', [200]);
  await resize(adminStrict, '{"http":1,"writer":1}', [200]);
  await resize(adminOpen, '{"http":0,"reader":1}', [400]);
  const letter = "/admin/dead-letters/00000000-0000-4000-8000-000000000000";
  await send(adminStrict, letter, [404], { method: "DELETE" });
  await send(adminStrict, `${letter}/replay`, [404], { method: "POST" });
}

await single();
await bulks();
await documents();
await admin();
faults.forEach((fault) => console.error(fault));
console.log(`lint: prism: ${sent} requests, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
