// A worker with an instance of the module, seen from the page.

/** A sentence of the module about a request, with the setting that is wrong. */
class Complaint extends Error {
  constructor({ error, field, position }) {
    super(error);
    this.field = field ?? null;
    this.position = position ?? null;
  }
}

/** The module, decoded and unpacked once. */
const moduleBytes = (() => {
  let bytes = null;
  const unpack = async () => {
    const packed = Uint8Array.from(atob(MODULE_BASE64), (letter) => letter.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  };
  return () => (bytes ??= unpack());
})();

const workerAddress = (() => {
  let address = null;
  return () => (address ??= URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" })));
})();

/** A worker. After a trap it starts another one, and calls `died` with a sentence. */
class Runner {
  constructor({ snapshot = () => {}, lesson = () => {}, problem = () => {}, died = () => {} }) {
    this.listeners = { snapshot, lesson, problem, died };
    this.waiting = new Map();
    this.lastId = 0;
    this.start();
  }

  start() {
    this.worker = new Worker(workerAddress());
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.die(event.message || "unknown error", false);
    };
    this.hasBegun = false;
    this.ready = new Promise((resolve) => (this.isReady = resolve));
    const { worker } = this;
    moduleBytes().then(
      (bytes) => worker.postMessage({ kind: "open", bytes }),
      (error) => this.die(error.message, true),
    );
  }

  post(message, transfer = []) {
    this.worker.postMessage(message, transfer);
  }

  receive(data) {
    if (data.kind === "ready") {
      this.hasBegun = true;
      this.isReady();
    } else if (data.kind === "answer") this.answered(data);
    else if (data.kind === "dead") this.die(data.text, data.isUnable === true);
    else if (data.kind === "snapshot") this.listeners.snapshot(data);
    else if (data.kind === "lesson") this.listeners.lesson(data);
    else if (data.kind === "problem") this.listeners.problem(new Complaint(data.problem));
  }

  answered({ id, answer, file }) {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (waiting === undefined) return;
    if (answer.error !== undefined) waiting.reject(new Complaint(answer));
    else waiting.resolve({ ...answer, file });
  }

  /** Sends a request. The promise fails with a `Complaint`. */
  async ask(message, file) {
    await this.ready;
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.post({ kind: "ask", id, message, file: file ?? null });
    });
  }

  /** Ends the worker and what waits for it. */
  end(sentence) {
    this.worker.onmessage = null;
    this.worker.onerror = null;
    this.worker.terminate();
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(new Complaint({ error: sentence, field: null }));
  }

  /** Ends a worker whose module has trapped or cannot run, and starts another one if that helps. */
  die(text, isNever) {
    const isUnable = isNever || !this.hasBegun;
    const sentence = isUnable
      ? `This browser cannot run the module of this page: ${text}. A current Firefox, Chrome, Edge or Safari can.`
      : `The module stopped because of an error in it (${text}).`;
    this.end(sentence);
    if (isUnable) {
      this.listeners.died(sentence, true);
      return;
    }
    this.start();
    this.listeners.died(sentence, false);
  }
}
