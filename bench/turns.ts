import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModelServer } from '../test/support/modelServer.ts';
import { median, type Figure } from './figure.ts';

const TURNS = 1_000;

type Look = { readonly rss: number; readonly written: number };

/**
 * A thousand reads of a thousand different small files, every window audited. The gap is from the last byte of the
 * reply to the headers of the next request, as the server sees both.
 */
export async function turnFigures(headless: string): Promise<readonly Figure[]> {
  const base = mkdtempSync(join(tmpdir(), 'warrant-turns-'));
  try {
    const workspace = join(base, 'workspace');
    mkdirSync(workspace);
    for (let n = 1; n <= TURNS; n += 1) writeFileSync(join(workspace, `file${n}.txt`), smallFile(n));
    const settings = join(base, 'settings.json');
    writeFileSync(
      settings,
      JSON.stringify({
        'warrant.limits.stepsPerTurn': 10_000,
        'warrant.limits.modelCallsPerMinute': 0,
        'warrant.limits.toolCallsPerMinute': 0,
        'warrant.model.contextTokens': 100_000_000,
      }),
    );
    const looks = new Map<number, Look>();
    let child = 0;
    const records = join(base, 'records.jsonl');
    const server = await startModelServer({
      replies(_request, number) {
        if (number === 20 || number === 200 || number === TURNS) looks.set(number, lookAt(child, records));
        const usage = { input: 1_000, output: 20 };
        if (number === TURNS) return { text: 'Done.', usage, chunkBytes: 1_000_000 };
        const calls = [{ name: 'read_file', arguments: { path: `file${number + 1}.txt` } }];
        return { calls, usage, chunkBytes: 1_000_000 };
      },
    });
    const audit = join(base, 'audit');
    const options = [
      '--workspace',
      workspace,
      '--base-url',
      server.url,
      '--model',
      'bench',
      '--settings',
      settings,
      '--audit',
      audit,
    ];
    const agent = spawn(process.execPath, [headless, ...options, 'Read every file.'], {
      stdio: ['ignore', openSync(records, 'w'), 'ignore'],
    });
    child = agent.pid ?? 0;
    const code = await new Promise<number | null>((resolve) => agent.on('close', resolve));
    await server.close();
    if (code !== 0) throw new Error(`The headless driver ended with ${code}.`);

    const gaps = server.requests
      .slice(1)
      .map((request, index) => request.headersAt - (server.requests[index]?.answeredAt ?? Number.NaN));
    const gap = (from: number, to: number) => median(gaps.slice(from - 1, to));
    const last = server.requests.at(-1);
    const sent = server.requests.reduce((sum, request) => sum + request.raw.length, 0);
    const file = readdirSync(audit)[0] ?? '';
    const recorded = readFileSync(join(audit, file), 'utf8').split('\n').length - 1;
    const auditBytes = statSync(join(audit, file)).size;
    const content = last?.body.length ?? 0;
    const atEnd = looks.get(TURNS);
    return [
      {
        figure: 'headless gap, turns 1-20',
        value: gap(1, 20),
        unit: 'ms',
        budget: 5,
        peers: { pi: 5.9, 'Gemini CLI': 8.4, Codex: 56.9, 'Cline CLI': 64.8 },
      },
      {
        figure: 'headless gap, turns 181-200',
        value: gap(181, 200),
        unit: 'ms',
        budget: 6,
        peers: { pi: 9, 'Gemini CLI': 14, Codex: 74, 'Cline CLI': 85 },
      },
      {
        figure: 'headless gap, turns 981-1000',
        value: gap(981, 1_000),
        unit: 'ms',
        budget: 10,
        peers: { pi: 23, 'Gemini CLI': 342, Codex: 80 },
      },
      { figure: 'headless memory at turn 20', value: (looks.get(20)?.rss ?? Number.NaN) / 1e6, unit: 'MB' },
      { figure: 'headless memory at turn 200', value: (looks.get(200)?.rss ?? Number.NaN) / 1e6, unit: 'MB' },
      {
        figure: 'headless memory at turn 1000',
        value: (atEnd?.rss ?? Number.NaN) / 1e6,
        unit: 'MB',
        budget: 200,
      },
      {
        figure: 'first request, all tools',
        value: (server.requests[0]?.body.length ?? Number.NaN) / 4,
        unit: 'tokens',
        budget: 3_000,
      },
      { figure: 'last request', value: content, unit: 'bytes' },
      {
        figure: 'written in 1000 turns, requests and standard output aside',
        value: ((atEnd?.written ?? Number.NaN) - sent) / 1e6,
        unit: 'MB',
        budget: 3.5,
      },
      { figure: 'audit file after 1000 turns', value: auditBytes / 1e6, unit: 'MB', budget: 3.5 },
      {
        figure: 'audit file over 1.15 x content, per record',
        value: (auditBytes - 1.15 * content) / recorded,
        unit: 'bytes',
        budget: 300,
      },
    ];
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** Twelve lines, about 560 bytes, different in each. */
function smallFile(n: number): string {
  return Array.from(
    { length: 12 },
    (_, line) => `export const value${n}_${line} = ${n * 31 + line}; // line ${line} of file ${n}`,
  )
    .map((text) => `${text.slice(0, 46)}\n`)
    .join('');
}

/**
 * Resident memory, and bytes handed to write calls so far without those the driver printed; Linux only, not a number
 * elsewhere.
 */
function lookAt(pid: number, printed: string): Look {
  try {
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const written = /wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
    return { rss: Number(rss) * 1024, written: Number(written) - statSync(printed).size };
  } catch {
    return { rss: Number.NaN, written: Number.NaN };
  }
}
