// Reads the OpenAPI document with the two YAML parsers of the JavaScript world: node parsers.js openapi.yaml
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as jsYaml from "js-yaml";
import { parseDocument } from "yaml";

const text = readFileSync(process.argv[2], "utf8");
const document = parseDocument(text, { strict: true, uniqueKeys: true });
const faults = [...document.errors, ...document.warnings];
faults.forEach((fault) => console.error(`yaml: ${fault.message}`));
let same = false;
try {
  same = isDeepStrictEqual(jsYaml.load(text), document.toJS());
  if (!same) console.error("yaml and js-yaml do not read the same document");
} catch (error) {
  console.error(`js-yaml: ${error.message}`);
}
process.exitCode = faults.length === 0 && same ? 0 : 1;
