import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Hands on what others append to a file, also when it does not exist yet. Returns how to stop, after a last look. */
export function followFile(file: string, write: (text: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(65_536);
  let offset = 0;
  const look = () => {
    if (!existsSync(file)) return;
    const handle = openSync(file, 'r');
    for (let read = 1; read > 0; offset += read) {
      read = readSync(handle, buffer, 0, buffer.length, offset);
      if (read > 0) write(decoder.write(buffer.subarray(0, read)));
    }
    closeSync(handle);
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    look();
  };
}
