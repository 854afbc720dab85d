import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sealKeysIn } from '../src/audit/sealKeys.ts';
import { secretsOf } from '../src/audit/secretsOf.ts';
import { systemClock } from '../src/io/clock.ts';
import { endpointProblem } from '../src/io/endpointProblem.ts';
import { openaiModel } from '../src/io/model.ts';
import { sandboxOnce } from '../src/io/sandbox/sandboxOnce.ts';
import { openSession } from '../src/openSession.ts';
import { parseSettings } from '../src/protocol/settings.ts';
import { answerScript, scriptedApprover } from '../test/support/scriptedApprover.ts';
import { secretCellsInMemory } from '../test/support/secretCellsInMemory.ts';

const USAGE = `Usage: npm run headless -- --workspace DIR --base-url URL --model M [--settings FILE]
         [--answers FILE | --approve all|none] [--audit DIR] "prompt"
Prints one JSON line a record. Exit status: 0 done, 1 failed, 2 unusable arguments, 3 stopped or at a limit.
The key, where one is needed, is in the environment variable named by the setting warrant.model.keyVariable.`;

const EXIT = { done: 0, failed: 1, stopped: 3, limit: 3 } as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      workspace: { type: 'string' },
      'base-url': { type: 'string' },
      model: { type: 'string' },
      settings: { type: 'string' },
      answers: { type: 'string' },
      approve: { type: 'string', default: 'none' },
      audit: { type: 'string' },
    },
  });
  const prompt = positionals.join(' ');
  const { workspace, model, 'base-url': baseUrl } = values;
  if (workspace === undefined || baseUrl === undefined || model === undefined || prompt === '')
    return usage();
  if (values.approve !== 'all' && values.approve !== 'none') return usage();
  const problem = endpointProblem(baseUrl);
  if (problem !== undefined) return usage(problem);

  const file =
    values.settings === undefined ? {} : (JSON.parse(readFileSync(values.settings, 'utf8')) as object);
  const raw = Object.fromEntries(
    Object.entries(file).map(([key, value]) => [key.replace(/^warrant\./, ''), value as unknown]),
  );
  const { settings, problems } = parseSettings({
    ...raw,
    'audit.folder': values.audit === undefined ? '' : resolve(values.audit),
  });
  for (const { key, because } of problems) process.stderr.write(`warrant.${key}: ${because}\n`);
  const keyVariable = settings['model.keyVariable'];
  const clock = systemClock();
  const dir = realpathSync(workspace);
  const roots = [{ name: basename(dir).replace(/[:/\\]/g, '-'), dir }];
  const storage = mkdtempSync(join(tmpdir(), 'warrant-headless-'));
  if (values.audit !== undefined) mkdirSync(values.audit, { recursive: true });
  const approver = scriptedApprover({
    workspace: dir,
    script:
      values.answers === undefined
        ? []
        : answerScript.parse(JSON.parse(readFileSync(values.answers, 'utf8'))),
    otherwise: values.approve === 'all' ? 'accept' : 'reject',
    stop: () => session.stop(),
  });
  const port = openaiModel({
    baseUrl,
    model,
    key: () => Promise.resolve(keyVariable === '' ? '' : (process.env[keyVariable] ?? '')),
    idleMs: settings['model.idleSeconds'] * 1_000,
    clock,
  });
  const session = await openSession({
    version: 'headless',
    storage,
    workspace: { roots, trusted: () => true },
    settings: () => settings,
    model: () => port,
    secrets: secretsOf(process.env),
    environment: process.env,
    clock,
    approver,
    watcher: { text: () => undefined, textEnded: () => undefined, state: () => undefined },
    live: () => undefined,
    openDocuments: { unsaved: () => false },
    problems: () => [],
    ripgrepCandidates: [],
    sandbox: sandboxOnce({
      home: process.env['HOME'] ?? '/',
      storage: join(storage, 'sandbox'),
      id: () => clock.id(),
    }),
    onRecord: (_record, line) => void writeSync(1, `${line}\n`),
    // Nothing of a headless run outlives it: its records are sealed with a key of their own, which they name.
    sealKeys: sealKeysIn(secretCellsInMemory()('seal'), () => clock.now()),
  });
  process.once('SIGINT', () => session.stop());
  const end = await session.send(prompt);
  if (end.because !== undefined) process.stderr.write(`${end.because}\n`);
  process.stderr.write(`audit file: ${session.file}\n`);
  await session.close();
  return EXIT[end.ended];
}

function usage(because?: string): number {
  process.stderr.write(`${because === undefined ? '' : `${because}\n`}${USAGE}\n`);
  return 2;
}

process.exitCode = await main();
