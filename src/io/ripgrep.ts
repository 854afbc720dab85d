import { sep } from 'node:path';
import type { Readable } from 'node:stream';
import { startProcess, signalGroup } from './processes.ts';

export type RipgrepPlan = {
  readonly file: string;
  readonly pattern: string;
  readonly caseSensitive: boolean;
  /** Searched as a whole; a real path. */
  readonly folder: string;
  /** A glob of names that ripgrep may use to pass over files early. */
  readonly names: string | null;
  readonly maxBytes: number;
  readonly mostPerFile: number;
  readonly environment: Readonly<Record<string, string>>;
};

/** Line numbers by path, relative to the folder, with slashes; or why ripgrep refused. */
export type RipgrepFound =
  | { readonly kind: 'found'; readonly lines: ReadonlyMap<string, readonly number[]> }
  | { readonly kind: 'refused'; readonly because: string };

/** Only says where to look: nothing it prints of a file's text is used. Rejects with the reason of the signal. */
export async function searchWithRipgrep(
  plan: RipgrepPlan,
  mostLines: number,
  signal: AbortSignal,
): Promise<RipgrepFound> {
  signal.throwIfAborted();
  const { file, folder, environment } = plan;
  const { pid, stdout, stderr, ended } = startProcess({
    file,
    argv: ['rg', ...argumentsOf(plan)],
    cwd: folder,
    environment,
    streams: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => {
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const lines = new Map<string, number[]>();
    let count = 0;
    let complaint = '';
    stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(0, 2_000)));
    if (stdout !== null)
      for await (const line of linesOf(stdout)) {
        const match = matchIn(line);
        if (match === null) continue;
        const known = lines.get(match.path);
        if (known === undefined) lines.set(match.path, [match.line]);
        else known.push(match.line);
        count += 1;
        if (count > mostLines) {
          stop();
          return {
            kind: 'refused',
            because: 'too many lines match; narrow the pattern, the path or include',
          };
        }
      }
    const end = await ended;
    signal.throwIfAborted();
    if (complaint !== '' || end.kind !== 'exit') return { kind: 'refused', because: complaintOf(complaint) };
    return { kind: 'found', lines };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** No configuration, no ignore files, no links, no programs of its own: the same files as the walker, nothing else run. */
function argumentsOf(plan: RipgrepPlan): readonly string[] {
  return [
    '--no-config',
    '--no-follow',
    '--no-ignore',
    '--hidden',
    '--no-messages',
    '--no-mmap',
    '--no-pre',
    '--no-search-zip',
    '--json',
    plan.caseSensitive ? '--case-sensitive' : '--ignore-case',
    `--max-filesize=${plan.maxBytes}`,
    `--max-count=${plan.mostPerFile}`,
    ...(plan.names === null ? [] : [`--glob=${plan.names}`]),
    '--glob=!.git',
    '--glob=!node_modules',
    `--regexp=${plan.pattern}`,
    '--',
    './',
  ];
}

/** Not by node:readline, which also breaks lines at U+2028, and that stands as it is in JSON. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = chunk.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      yield rest + line;
      rest = '';
    }
    rest += last;
  }
}

function matchIn(line: string): { readonly path: string; readonly line: number } | null {
  if (!line.startsWith('{"type":"match"')) return null;
  const { data } = JSON.parse(line) as { data: { path: { text?: string }; line_number: number | null } };
  if (data.path.text === undefined || data.line_number === null) return null;
  return { path: data.path.text.replaceAll(sep, '/').replace(/^\.\//, ''), line: data.line_number };
}

function complaintOf(text: string): string {
  const first = text.split('\n').find((line) => line.trim() !== '') ?? 'ripgrep ended early';
  return `ripgrep cannot search for this: ${first.trim()}`;
}
