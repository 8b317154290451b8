// Nothing here leaves this server: no validator badge, no fonts, no CDN.

// The document has the calls of both listeners; the page shows those of the listener that serves it, and asks that one.
const isAdmin = document.documentElement.dataset.listener === "admin";

function callsOfThisListener(contract) {
  const paths = Object.entries(contract.paths ?? {})
    .map(([path, { servers, ...item }]) => [path, item])
    .filter(([, item]) => Object.values(item).some((call) => isServedHere(call.tags ?? [])));
  const tags = (contract.tags ?? []).filter((tag) => isServedHere([tag.name]));
  return { ...contract, tags, paths: Object.fromEntries(paths) };
}

function isServedHere(tags) {
  return tags.includes(isAdmin ? "admin" : "orders") || tags.includes("documentation");
}

const OneListener = () => ({
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec: (update) => (contract) => update(callsOfThisListener(contract)) } },
  },
});

SwaggerUIBundle({
  url: "openapi.yaml",
  dom_id: "#docs",
  plugins: [OneListener],
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
