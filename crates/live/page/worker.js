// The worker: owns one instance of the module, trains in slices, and sends what the page draws.
"use strict";

/** How long the worker trains before it looks for messages, in milliseconds. */
const SLICE = 22;
/** The longest that one call of the module should take, in milliseconds. */
const CALL = 11;
/** The large pictures (units, weights) are sent this often, in milliseconds. */
const RARELY = 180;

let module = null;
let playing = null;
let isDrawn = true;
let wanted = {};
let pending = null;
let playedLast = null;
let epochsPerCall = 1;
let rareAt = 0;
/** Moments and counts of epochs of the last second. */
let marks = [];

/** Instantiates the module; `ask` sends it a message and returns the answer and its file. */
async function openModule(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { memory, reserve, request, answer } = instance.exports;
  const ask = (message, file) => {
    const head = new TextEncoder().encode(JSON.stringify(message));
    const length = head.length + (file ? file.length + 1 : 0);
    const place = reserve(length) >>> 0;
    if (place === 0) return { answer: { error: "The file is too large for the memory of this page.", field: null } };
    const view = new Uint8Array(memory.buffer, place, length);
    view.set(head);
    if (file) {
      view[head.length] = 10;
      view.set(file, head.length + 1);
    }
    const found = request(length) >>> 0;
    const bytes = new Uint8Array(memory.buffer, answer() >>> 0, found).slice();
    const end = bytes.indexOf(10);
    const line = end < 0 ? bytes : bytes.subarray(0, end);
    return { answer: JSON.parse(new TextDecoder().decode(line)), file: end < 0 ? null : bytes.slice(end + 1) };
  };
  return { ask };
}

/** Asks the module; a trap ends this worker. */
function ask(message, file) {
  try {
    return module.ask(message, file);
  } catch (error) {
    playing = null;
    postMessage({ kind: "dead", text: String(error && error.message ? error.message : error) });
    throw error;
  }
}

/** Lets the messages that have arrived be handled. */
const channel = new MessageChannel();
let resume = null;
channel.port1.onmessage = () => resume();
function breathe() {
  return new Promise((resolve) => {
    resume = resolve;
    channel.port2.postMessage(0);
  });
}

function rest(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Adds what a call has found to what the page has not seen yet. */
function collect(answer) {
  if (pending === null) {
    pending = answer;
    return;
  }
  const lines = pending.lines.concat(answer.lines);
  const history = {};
  for (const name of Object.keys(answer.history)) history[name] = pending.history[name].concat(answer.history[name]);
  pending = { ...answer, lines, history };
}

/** Trains about as many epochs as fit into a slice. */
function slice(session) {
  const start = performance.now();
  let now = start;
  do {
    const before = now;
    const { answer } = ask({ request: "train", session, epochs: epochsPerCall });
    if (answer.error) return answer;
    collect(answer);
    now = performance.now();
    const factor = Math.min(4, CALL / Math.max(0.05, now - before));
    epochsPerCall = Math.max(1, Math.min(5000, Math.round(epochsPerCall * factor)));
    marks.push([now, answer.epoch]);
    if (answer.done || answer.diverged) break;
  } while (now - start < SLICE - CALL / 2);
  return null;
}

/** The epochs per second over the last second. */
function speed() {
  const now = performance.now();
  while (marks.length > 2 && marks[0][0] < now - 1000) marks.shift();
  if (marks.length < 2) return null;
  const [[from, first], [to, last]] = [marks[0], marks[marks.length - 1]];
  return to > from ? (1000 * (last - first)) / (to - from) : null;
}

/** What the page shows of a session at this moment. */
function pictures(session, isLast) {
  const found = {};
  const add = (name, message) => {
    const { answer } = ask({ session, ...message });
    if (!answer.error) found[name] = answer;
  };
  if (wanted.picture) add("picture", { request: wanted.picture });
  if (wanted.hinges) add("hinges", { request: "hinges" });
  const now = performance.now();
  if (isLast || now - rareAt > RARELY) {
    rareAt = now;
    if (wanted.units !== null && wanted.units !== undefined) add("units", { request: "units", layer: wanted.units });
    if (wanted.weights !== null && wanted.weights !== undefined) add("weights", { request: "weights", layer: wanted.weights });
  }
  return found;
}

function send(session, isLast) {
  const train = pending;
  pending = null;
  isDrawn = false;
  postMessage({ kind: "snapshot", session, train, ...pictures(session, isLast), speed: speed() });
}

/** Trains until it is done, paused, or told otherwise. */
async function play(run) {
  marks = [];
  while (playing === run) {
    if (run.pace !== null && !isDrawn) {
      await rest(2);
      continue;
    }
    let problem = null;
    if (run.pace === null) {
      problem = slice(run.session);
    } else {
      const { answer } = ask({ request: "train", session: run.session, epochs: run.pace });
      if (answer.error) problem = answer;
      else {
        collect(answer);
        marks.push([performance.now(), answer.epoch]);
      }
    }
    if (problem) {
      playing = null;
      postMessage({ kind: "problem", problem });
      return;
    }
    const isLast = pending !== null && (pending.done || pending.diverged !== null);
    while (isLast && !isDrawn && playing === run) await rest(2);
    if (isDrawn && pending !== null) send(run.session, isLast);
    if (isLast) {
      playing = null;
      return;
    }
    await breathe();
  }
  // What was trained and not shown.
  if (pending !== null) send(run.session, true);
}

/** Trains the networks of the picture of the lesson. */
async function playLesson(run) {
  let count = 1;
  while (playing === run) {
    const start = performance.now();
    const { answer } = ask({ request: "lesson_train", lesson: run.lesson, epochs: count });
    const spent = Math.max(0.05, performance.now() - start);
    count = Math.max(1, Math.min(20000, Math.round(count * Math.min(4, (2 * CALL) / spent))));
    if (answer.error) {
      postMessage({ kind: "problem", problem: answer });
      return;
    }
    if (answer.cells.length > 0 || answer.done) postMessage({ kind: "lesson", lesson: run.lesson, found: answer });
    if (answer.done) return;
    await breathe();
  }
}

const handlers = {
  async open({ bytes }) {
    try {
      module = await openModule(bytes);
      postMessage({ kind: "ready" });
    } catch (error) {
      postMessage({ kind: "dead", text: String(error.message || error), isUnable: true });
    }
  },
  ask({ id, message, file }) {
    const found = ask(message, file);
    postMessage({ kind: "answer", id, answer: found.answer, file: found.file || null });
  },
  watch(message) {
    wanted = message.wanted;
    rareAt = 0;
  },
  look({ session }) {
    postMessage({ kind: "snapshot", session, train: null, ...pictures(session, true), speed: null });
  },
  drawn() {
    isDrawn = true;
  },
  play({ session, pace }) {
    if (playing !== null && playing.session === session) {
      playing.pace = pace;
      return;
    }
    if (playedLast !== session) pending = null;
    playedLast = session;
    playing = { session, pace };
    isDrawn = true;
    epochsPerCall = 1;
    play(playing);
  },
  lesson({ lesson }) {
    playing = { lesson };
    playLesson(playing);
  },
  pause() {
    playing = null;
  },
};

onmessage = ({ data }) => handlers[data.kind](data);
