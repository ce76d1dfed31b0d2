// The module of the live chapter under Node: one question, one answer.
import { readFileSync } from "node:fs";

/// A new instance of the module in a file.
export async function start(path) {
  const { instance } = await WebAssembly.instantiate(readFileSync(path), {});
  const { memory, reserve, request, answer } = instance.exports;

  /// Answers a request, which may have a file; the file of the answer is in `file`.
  return function ask(content, file) {
    let bytes = Buffer.from(JSON.stringify(content));
    if (file) bytes = Buffer.concat([bytes, Buffer.from("\n"), file]);
    const at = reserve(bytes.length);
    new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
    const length = request(bytes.length);
    const found = Buffer.from(new Uint8Array(memory.buffer, answer(), length));
    const end = found.indexOf(10);
    const json = JSON.parse((end < 0 ? found : found.subarray(0, end)).toString());
    if (end >= 0) json.file = found.subarray(end + 1);
    return json;
  };
}

/// The answer to a request that must succeed.
export function must(answer) {
  if (answer.error) throw new Error(`${answer.error} (${answer.field})`);
  return answer;
}

/// Ends the program with an error unless something is true.
export function ensure(isTrue, message) {
  if (isTrue) return;
  console.error(`failed: ${message}`);
  process.exit(1);
}
