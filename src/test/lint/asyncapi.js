// Reads the AsyncAPI document with its own parser: node asyncapi.js asyncapi.yaml
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

// Version 3.0 is what readers know today; a newer one is no fault.
const ACCEPTED = "asyncapi-latest-version";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const faults = diagnostics.filter((fault) => fault.code !== ACCEPTED);
faults.forEach((fault) => console.error(`asyncapi: ${fault.path.join("/")}: ${fault.message}`));
process.exitCode = document && faults.length === 0 ? 0 : 1;
