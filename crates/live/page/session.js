// One network: its settings, its worker, and everything that is known about its training.

const HISTORY_NAMES = ["epoch", "loss", "data_loss", "accuracy", "learning_rate", "gradient_norm", "dead"];

/**
 * The file of the reader, if there is one: `{ name, bytes, readings }`. It is not part of the address. `readings` has
 * what the module has found in it for each header: true, false, or null.
 */
let ownTable = null;

/** How the file is read for these data; null if it is not known. */
function tableReading(data) {
  return data.kind === "table" ? ownTable?.readings.get(data.header) ?? null : null;
}

class Session {
  /** `changed` is called with this session and a word: what has changed. */
  constructor(name, changed) {
    this.name = name;
    this.changed = (what) => changed(this, what);
    this.settings = null;
    this.token = 0;
    this.wanted = {};
    this.pace = null;
    /** The last settings of which a network could be made. */
    this.worked = null;
    this.forget();
    this.runner = new Runner({
      snapshot: (data) => this.show(data),
      problem: (complaint) => this.complain(complaint),
      died: (sentence, isUnable) => this.revive(sentence, isUnable),
    });
  }

  /** Drops what is known about the training. */
  forget() {
    Object.assign(this, {
      id: null, made: null, last: null, lines: [], picture: null, hinges: null, units: null, weights: null,
      detail: null, verdict: null, problem: null, missing: null, speed: null, isPlaying: false,
    });
    this.history = Object.fromEntries(HISTORY_NAMES.map((name) => [name, []]));
  }

  get isDone() {
    return this.last !== null && (this.last.done || this.last.diverged !== null);
  }

  get epoch() {
    return this.last?.epoch ?? 0;
  }

  /** About how many seconds the training still takes; null if it does not train or its speed is not known. */
  get secondsLeft() {
    if (!this.isPlaying || this.made === null || !(this.speed > 0)) return null;
    return (this.made.settings.epochs - this.epoch) / this.speed;
  }

  get isClassifier() {
    return this.made?.task === "classification";
  }

  /** Makes a new network with these settings, and trains it if asked to. */
  async make(settings, { play = false } = {}) {
    const token = ++this.token;
    const old = this.id;
    this.runner.post({ kind: "pause" });
    this.forget();
    this.settings = copied(settings);
    if (old !== null) this.runner.ask({ request: "drop", session: old }).catch(() => {});
    const isTable = settings.data.kind === "table";
    this.missing = missingWords(settings.data);
    if (this.missing !== null) {
      this.id = null;
      this.changed("made");
      return;
    }
    try {
      if (isTable && ownTable === null) {
        throw new Complaint({ error: "Choose the CSV file again. A file is not part of the address of this page.", field: "data" });
      }
      const made = await this.runner.ask({ request: "create", settings }, isTable ? ownTable.bytes : null);
      if (token !== this.token) {
        this.runner.ask({ request: "drop", session: made.session }).catch(() => {});
        return;
      }
      this.id = made.session;
      this.made = made;
      this.worked = copied(settings);
      this.watch(this.wanted);
      this.changed("made");
      if (play) this.play();
      else this.look();
    } catch (complaint) {
      if (token === this.token) this.complain(complaint);
    }
  }

  complain(complaint) {
    this.problem = complaint;
    this.isPlaying = false;
    this.changed("problem");
  }

  /** After the module has died: the same settings again, from the start, unless they killed it at once. */
  revive(sentence, isUnable) {
    const now = performance.now();
    const isFutile = isUnable || this.id === null || now - (this.revivedAt ?? -Infinity) < 3000;
    Object.assign(this, { notice: isFutile ? null : `${sentence} It was started again with the same settings.`, id: null, revivedAt: now });
    if (isFutile) this.complain(new Complaint({ error: isUnable ? sentence : `${sentence} Choose other settings.` }));
    else this.make(this.settings);
    this.changed("notice");
  }

  /** Says what the worker sends with each snapshot. */
  watch(wanted) {
    this.wanted = wanted;
    const layers = this.made?.layers ?? [];
    const within = (layer) => (layer === undefined || layer >= layers.length ? null : layer);
    const picture = this.made === null ? null : this.isClassifier ? "regions" : "curve";
    this.runner.post({
      kind: "watch",
      wanted: { picture, hinges: wanted.hinges === true && !this.isClassifier, units: within(wanted.units), weights: within(wanted.weights) },
    });
  }

  /** Asks for the pictures of a network that does not train at the moment. */
  look() {
    if (this.id !== null) this.runner.post({ kind: "look", session: this.id });
  }

  play() {
    if (this.id === null || this.isDone) return;
    this.isPlaying = true;
    this.runner.post({ kind: "play", session: this.id, pace: this.pace });
    this.changed("playing");
  }

  setPace(pace) {
    this.pace = pace;
    if (this.isPlaying) this.play();
  }

  pause() {
    this.runner.post({ kind: "pause" });
    this.isPlaying = false;
    this.changed("playing");
  }

  /** One epoch on all rows, with the numbers of its five lines. */
  async step() {
    if (this.id === null || this.isDone) return;
    if (this.isPlaying) this.pause();
    const { token, id } = this;
    try {
      const detail = await this.runner.ask({ request: "step", session: id });
      if (token !== this.token) return;
      this.detail = detail;
      this.add(detail.train);
      this.look();
      this.changed("step");
    } catch (complaint) {
      if (token === this.token) this.complain(complaint);
    }
  }

  /** A request about this network. */
  ask(message) {
    if (this.id === null) return Promise.reject(this.problem ?? new Complaint({ error: "There is no network yet.", field: null }));
    return this.runner.ask({ session: this.id, ...message });
  }

  /** Takes what `train` has answered. */
  add(train) {
    const wasDone = this.isDone;
    this.last = train;
    this.lines.push(...train.lines);
    for (const name of HISTORY_NAMES) this.history[name].push(...(train.history[name] ?? []));
    if (this.isDone && !wasDone) {
      this.isPlaying = false;
      this.finish();
    }
  }

  async finish() {
    this.changed("done");
    if (this.isClassifier) return;
    const { token } = this;
    const verdict = await this.ask({ request: "verdict" }).catch(() => null);
    if (token !== this.token) return;
    this.verdict = verdict;
    this.changed("verdict");
  }

  /** Takes a snapshot of the worker. */
  show(data) {
    if (data.session !== this.id) {
      this.runner.post({ kind: "drawn" });
      return;
    }
    if (data.train !== null) {
      this.owesDrawn = true;
      this.add(data.train);
    }
    if (data.speed !== null) this.speed = data.speed;
    for (const name of ["picture", "hinges", "units", "weights"]) {
      if (data[name] !== undefined) this[name] = data[name];
    }
    this.changed("snapshot");
  }

  /** Called after the page has drawn: the worker may send the next snapshot. */
  drawn() {
    if (!this.owesDrawn) return;
    this.owesDrawn = false;
    this.runner.post({ kind: "drawn" });
  }

  end() {
    this.token++;
    this.runner.end("The comparison was closed.");
  }
}
