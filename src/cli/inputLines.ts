const NEW_LINE = 10;
const LONGEST = 1 << 20;

/** The lines of a stream without their line feeds; an unfinished last one is a line too. Rejects at one above 1 MiB. */
export async function* inputLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let pending = 0;
  for await (const chunk of input) {
    let from = 0;
    for (let to = chunk.indexOf(NEW_LINE); to !== -1; to = chunk.indexOf(NEW_LINE, from)) {
      yield checked(Buffer.concat([...parts, chunk.subarray(from, to)]));
      parts = [];
      pending = 0;
      from = to + 1;
    }
    parts.push(chunk.subarray(from));
    pending += chunk.length - from;
    if (pending > LONGEST) break;
  }
  if (pending > 0) yield checked(Buffer.concat(parts));
}

function checked(line: Uint8Array): Uint8Array {
  if (line.length > LONGEST) throw new Error('it is longer than 1 MiB');
  return line;
}
