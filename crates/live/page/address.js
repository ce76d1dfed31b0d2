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
function writeAddress(networks) {
  const parts = new URLSearchParams();
  networks.forEach((settings, index) => {
    const add = (name, value) => {
      if (value !== null && value !== undefined) parts.set(index === 0 ? name : `b.${name}`, String(value));
    };
    networkParts(settings, add);
  });
  const text = parts.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%3B/g, ";").replace(/%2F/g, "/");
  history.replaceState(null, "", `#${text}`);
}

/** A number of the address; the default where it is none. */
function numberOr(text, fallback) {
  const number = Number(text);
  return text === null || text.trim() === "" || !Number.isFinite(number) ? fallback : number;
}

function readData(get) {
  const kind = get("data") ?? "sine";
  const samples = (fallback) => numberOr(get("n"), fallback);
  if (kind === "formula") {
    return { kind, text: get("f") ?? FORMULA.text, from: numberOr(get("from"), FORMULA.from), to: numberOr(get("to"), FORMULA.to), samples: samples(FORMULA.samples) };
  }
  if (kind === "points") {
    const pairs = (get("p") ?? "").split(";").map((pair) => pair.split(",").map(Number));
    return { kind, points: pairs.filter((pair) => pair.length === 2 && pair.every(Number.isFinite)) };
  }
  if (kind === "spiral") return { kind, classes: numberOr(get("classes"), SPIRAL.classes), samples: samples(SPIRAL.samples) };
  if (kind === "table") return { kind, x: get("x"), y: get("y") };
  return { ...copied(known.defaults.data), samples: samples(known.defaults.data.samples) };
}

function readNetwork(get) {
  const run = known.runs.find(({ run }) => String(run) === get("run"));
  const base = run ? runSettings(run.run, "numpy") : { ...copied(known.defaults), data: readData(get) };
  if (!run && base.data.kind === "spiral") base.loss = known.choices.classifier_loss[0];
  for (const [name, short] of SHORT_NAMES) {
    const text = get(short);
    if (text === null) continue;
    const old = base[name];
    if (Array.isArray(old)) base[name] = text === "" ? [] : text.split("-").map((width) => numberOr(width, 0));
    else if (typeof old === "number") base[name] = numberOr(text, old);
    else if (typeof old === "boolean") base[name] = text === "true";
    else base[name] = text;
  }
  return base;
}

/** The networks of an address; none if it is empty. */
function readAddress(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const names = [...parts.keys()];
  const isOurs = (name) => ["run", "data"].includes(name) || SHORT_NAMES.some(([, short]) => short === name);
  if (!names.some((name) => isOurs(name.replace(/^b\./, "")))) return [];
  const networks = [readNetwork((name) => parts.get(name))];
  if (names.some((name) => name.startsWith("b."))) networks.push(readNetwork((name) => parts.get(`b.${name}`)));
  return networks;
}
