// The state of the page in its address: everything behind the `#`.

/** The data as parts of the address. */
function dataParts(data, add) {
  add("data", data.kind === "sine" ? null : data.kind);
  if (data.kind === "sine") {
    add("n", data.samples === known.defaults.data.samples ? null : data.samples);
  } else if (data.kind === "formula") {
    add("f", data.text);
    add("from", data.from);
    add("to", data.to);
    add("n", data.samples);
  } else if (data.kind === "points") {
    add("p", data.points.map((pair) => pair.map((number) => Number(number.toPrecision(4))).join(",")).join(";"));
  } else if (data.kind === "spiral") {
    add("classes", data.classes);
    add("n", data.samples);
  } else if (data.kind === "table") {
    add("x", data.x);
    add("y", data.y);
    add("header", data.header);
  }
}

/** The parts of one network: the number of its run, or what differs from the defaults. */
function networkParts(settings, add) {
  const run = runOf(settings);
  if (run !== null) {
    add("run", run);
    add("num", settings.arithmetic);
    add("seed", settings.seed === 0 ? null : settings.seed);
    return;
  }
  dataParts(settings.data, add);
  for (const [name, short] of SHORT_NAMES) {
    const value = settings[name];
    if (JSON.stringify(value) === JSON.stringify(known.defaults[name])) continue;
    add(short, Array.isArray(value) ? value.join("-") : value);
  }
}

/** The address of these networks: one, or two to compare. */
function addressOf(networks) {
  const parts = new URLSearchParams();
  networks.forEach((settings, index) => {
    const add = (name, value) => {
      if (value !== null && value !== undefined) parts.set(index === 0 ? name : `b.${name}`, String(value));
    };
    networkParts(settings, add);
  });
  return `#${parts.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%3B/g, ";").replace(/%2F/g, "/")}`;
}

/** When the last entry of the history was made. */
let enteredAt = -Infinity;
/** Two choices within this many milliseconds are one entry, as with the arrow keys. */
const ENTRY_PAUSE = 700;

/**
 * Writes the networks into the address. With `isEntry`, the browser’s Back leads to the address before; else the
 * address is replaced.
 */
function writeAddress(networks, isEntry = false) {
  const address = addressOf(networks);
  if (address === location.hash) return;
  const now = performance.now();
  const isNew = isEntry && now - enteredAt > ENTRY_PAUSE;
  if (isEntry) enteredAt = now;
  history[isNew ? "pushState" : "replaceState"](null, "", address);
}
