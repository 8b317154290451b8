// Checks manifests against the schemas of the Kubernetes API: node kubernetes.js FILE …
// What the schemas demand is there, values have the right types, and no member is unknown.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseAllDocuments } from "yaml";

const require = createRequire(import.meta.url);

// The schemas are code that reads the members that it knows. One that it never reads is unknown.
function watched(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  const children = Array.isArray(value) ? [] : {};
  for (const [name, child] of Object.entries(value)) {
    unread.add(`${path}/${name}`);
    children[name] = watched(child, `${path}/${name}`, unread);
  }
  return new Proxy(children, {
    get(target, name) {
      unread.delete(`${path}/${String(name)}`);
      return target[name];
    },
  });
}

function faults(manifest) {
  const { apiVersion, kind } = manifest;
  let Model;
  try {
    Model = require(`kubernetes-models/${apiVersion}/${kind}`)[kind];
  } catch {
    return [`there is no ${kind} in ${apiVersion}`];
  }
  const unread = new Set();
  const found = [];
  try {
    Model.prototype.validate.call(watched(manifest, "", unread));
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    error.errors.forEach((one) => found.push(`${one.instancePath || "/"} ${one.message ?? one.keyword}`));
  }
  return [...found, ...[...unread].map((path) => `${path} is unknown`)];
}

let wrong = 0;
let checked = 0;
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"), { strict: true, uniqueKeys: true })) {
    const own = [...document.errors, ...document.warnings].map((error) => error.message);
    const found = own.length > 0 ? own : faults(document.toJS());
    found.forEach((fault) => console.error(`${file}: ${document.get("kind")}: ${fault}`));
    wrong += found.length;
    checked += 1;
  }
}
if (checked === 0) console.error("no manifest was given");
process.exitCode = wrong === 0 && checked > 0 ? 0 : 1;
