import { open } from 'node:fs/promises';
import { platform } from 'node:process';
import { findProgram } from './programFiles.ts';

const MOST_NESTED = 4;
const LONGEST_LINE = 512;

/**
 * What the operating system starts to read a script, by real path: the interpreter of its `#!` line, what `env` finds
 * for it on these folders, and so on where that is a script too. A text without such a line goes to the shell. Empty
 * for programs that run by themselves, and for interpreters that are not there: then the script does not start.
 */
export async function interpretersOf(
  real: string,
  folders: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  if (platform === 'win32') return [];
  const found: string[] = [];
  let script = real;
  for (let depth = 0; depth < MOST_NESTED; depth += 1) {
    const words = await firstWords(script);
    const [interpreter] = words;
    const file: string | null = interpreter === undefined ? null : await findProgram(interpreter, [], cwd);
    if (file === null) return found;
    found.push(file);
    const name = /\/env$/.test(interpreter ?? '') ? startedByEnv(words.slice(1)) : undefined;
    const started: string | null = name === undefined ? null : await findProgram(name, folders, cwd);
    if (started !== null) found.push(started);
    script = started ?? file;
  }
  return found;
}

/** The interpreter and what it is given before the script itself; the system hands over at most one word. */
async function firstWords(path: string): Promise<readonly string[]> {
  const start = await startOf(path);
  if (isProgram(start)) return [];
  const line = /^#![ \t]*([^\n]*)/.exec(start.toString('latin1'))?.[1];
  if (line === undefined) return ['/bin/sh'];
  const [, interpreter = '', rest = ''] = /^([^ \t]+)[ \t]*(.*)$/.exec(line.trimEnd()) ?? [];
  if (!interpreter.startsWith('/')) return interpreter === '' ? ['/bin/sh'] : [`./${interpreter}`];
  return rest === '' ? [interpreter] : [interpreter, rest];
}

/** `env` takes its word for the name of a program, or with -S for several words, assignments first. */
function startedByEnv([rest = '']: readonly string[]): string | undefined {
  const split = /^(?:-S|--split-string=|-S[ \t]|-[a-zA-Z]*S)[ \t]*(.*)$/.exec(rest)?.[1];
  if (split === undefined) return rest === '' || rest.startsWith('-') ? undefined : rest;
  return split.split(/[ \t]+/).find((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
}

async function startOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST_LINE), 0, LONGEST_LINE, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** ELF, and Mach-O in its orders of bytes and for several processors. */
const PROGRAMS: readonly string[] = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'];

function isProgram(start: Buffer): boolean {
  return PROGRAMS.includes(start.subarray(0, 4).toString('hex'));
}
