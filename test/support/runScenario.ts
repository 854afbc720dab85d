import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { headMirrorIn } from '../../src/audit/headMirror.ts';
import { sealKeysIn } from '../../src/audit/sealKeys.ts';
import { systemClock } from '../../src/io/clock.ts';
import { openaiModel } from '../../src/io/model.ts';
import type { ManagedPlace } from '../../src/io/files/policyFiles.ts';
import { openSession, type OpenSession } from '../../src/openSession.ts';
import type { Card } from '../../src/protocol/approval.ts';
import type { Problem } from '../../src/protocol/outcome.ts';
import type { Clock } from '../../src/protocol/ports.ts';
import { parseSettings } from '../../src/protocol/settings.ts';
import { relativePath, type WorkspacePath } from '../../src/protocol/workspacePath.ts';
import type { TurnEnd } from '../../src/agent/turn.ts';
import { diskStep, takeDiskStep } from './diskStep.ts';
import { startModelServer } from './modelServer.ts';
import type { CapturedRequest } from './modelServer/capturedRequest.ts';
import { dialects, parseModelScript } from './modelServer/modelScript.ts';
import { answerScript, scriptedApprover } from './scriptedApprover.ts';
import { secretCellsInMemory } from './secretCellsInMemory.ts';
import { secretSamples } from './secretSamples.ts';
import { passThroughSandbox } from './passThroughSandbox.ts';

/** `scenario.json`: what the folder is about, and what its other files cannot say. */
const scenarioFile = z.strictObject({
  says: z.string(),
  prompts: z.array(z.string()).default(['Do the task.']),
  dialect: z.enum(dialects).default('openai'),
  /** Done to the workspace before the session begins. */
  setup: z.array(diskStep).default([]),
  trusted: z.boolean().default(true),
  /** Files that an editor holds with unsaved changes, relative to the workspace. */
  unsaved: z.array(z.string()).default([]),
  /** What the editor reports once an edit was applied, in the first line of each file, relative to the workspace. */
  problems: z.record(z.string(), z.string()).default({}),
  /** Environment values of the product, each made of parts so that no scanner takes them for real. */
  environment: z.record(z.string(), z.array(z.string())).default({}),
  /**
   * Secrets that nobody but the person may see, by the names of `secretSamples`. `{{NAME}}` stands for the sample's text
   * in this file and in the model's script; no file of the scenario holds it, so that no scanner takes it for real.
   */
  hidden: z.record(z.string(), z.string()).default({}),
  /** The record cannot be written any more from this record kind on. */
  auditFullAt: z.string().optional(),
  /** The person presses Stop at the first sign of this. */
  stopAt: z.enum(['text', 'output', 'retry']).optional(),
  idleMs: z.int().positive().default(20_000),
  ends: z.array(z.enum(['done', 'stopped', 'failed', 'limit'])).default(['done']),
});

export type ScenarioRun = {
  readonly says: string;
  readonly ends: readonly TurnEnd[];
  readonly wantedEnds: readonly TurnEnd['ended'][];
  readonly workspace: string;
  /** A folder beside the workspace that nothing may touch, and what stood in it at the start. */
  readonly outside: string;
  readonly outsideBefore: Record<string, string>;
  readonly auditFile: string;
  readonly requests: readonly CapturedRequest[];
  readonly cards: readonly Card[];
  /** What the person was shown while the turn ran, apart from records and cards. */
  readonly watched: string;
  /** What must be seen nowhere, with the text that stands for it. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Words of this run that no expectation can know: folders, ports. */
  readonly masks: ReadonlyMap<string, string>;
  remove(): void;
};

/** Runs one scenario folder through the real thing: real files, real processes, a real server; no editor. */
export async function runScenario(
  folder: string,
  tree: (folder: string) => Record<string, string>,
): Promise<ScenarioRun> {
  const { hidden, expand } = hiddenIn(join(folder, 'scenario.json'));
  const scenario = scenarioFile.parse(JSON.parse(expand('scenario.json')));
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'warrant-scenario-')));
  const workspace = join(base, 'project');
  mkdirSync(workspace);
  if (existsSync(join(folder, 'workspace')))
    cpSync(join(folder, 'workspace'), workspace, { recursive: true });
  for (const step of scenario.setup) await takeDiskStep(workspace, step);
  const outside = join(base, 'outside');
  const outsideBefore = tree(outside);

  const replies = parseModelScript(expand('model.jsonl'));
  const server = await startModelServer({ replies, dialect: scenario.dialect });
  const environment = Object.fromEntries(
    Object.entries(scenario.environment).map(([name, parts]) => [name, parts.join('')]),
  );
  const session = await open({ folder, scenario, base, workspace, url: server.url, environment });
  const ends: TurnEnd[] = [];
  for (const prompt of scenario.prompts) ends.push(await session.opened.send(prompt));
  await session.opened.close().catch(() => undefined);
  await server.close();
  return {
    says: scenario.says,
    ends,
    wantedEnds: scenario.ends,
    workspace,
    outside,
    outsideBefore,
    auditFile: session.opened.file,
    requests: server.requests,
    cards: session.cards,
    watched: session.watched.join(''),
    hidden,
    masks: new Map([
      [workspace, '<workspace>'],
      [base, '<base>'],
      [server.url, '<endpoint>'],
      [new URL(server.url).host, '<host>'],
    ]),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Reads the files of a scenario with its samples in place. */
function hiddenIn(file: string) {
  const named = scenarioFile.shape.hidden.parse((json(file) as { hidden?: unknown }).hidden);
  const samples = new Map(secretSamples().map((sample) => [`${sample.kind}: ${sample.name}`, sample]));
  const hidden = new Map<string, string>();
  const texts = Object.entries(named).map(([name, of]) => {
    const sample = samples.get(of);
    if (sample === undefined) throw new Error(`There is no sample called ${of}.`);
    sample.bare.forEach((bare, at) => hidden.set(bare, `{{${name}.${at}}}`));
    return [`{{${name}}}`, JSON.stringify(sample.text).slice(1, -1)] as const;
  });
  const expand = (name: string) =>
    texts.reduce(
      (text, [mark, sample]) => text.replaceAll(mark, () => sample),
      readFileSync(join(dirname(file), name), 'utf8'),
    );
  return { hidden, expand };
}

function problemIn(path: WorkspacePath, reported: Record<string, string>): readonly Problem[] {
  const message = reported[relativePath(path)];
  return message === undefined ? [] : [{ path, line: 1, severity: 'error', message, source: 'editor' }];
}

type Setting = {
  readonly folder: string;
  readonly scenario: z.output<typeof scenarioFile>;
  readonly base: string;
  readonly workspace: string;
  readonly url: string;
  readonly environment: Record<string, string>;
};

async function open({ folder, scenario, base, workspace, url, environment }: Setting) {
  const file = join(folder, 'settings.json');
  const raw = existsSync(file) ? (json(file) as Record<string, unknown>) : {};
  const { settings } = parseSettings(
    Object.fromEntries(Object.entries(raw).map(([key, value]) => [key.replace(/^warrant\./, ''), value])),
  );
  const answers = join(folder, 'answers.json');
  const late: { opened?: OpenSession } = {};
  const watched: string[] = [];
  let diskFull = false;
  const stop = () => late.opened?.stop();
  const stopAt = (sign: typeof scenario.stopAt) => {
    if (scenario.stopAt === sign) stop();
  };
  const approver = scriptedApprover({
    workspace,
    script: existsSync(answers) ? answerScript.parse(json(answers)) : [],
    otherwise: 'fail',
    stop,
  });
  const model = openaiModel({
    baseUrl: url,
    model: 'scripted',
    key: () => Promise.resolve(environment['MODEL_KEY'] ?? ''),
    idleMs: scenario.idleMs,
    clock: systemClock(),
  });
  const cells = secretCellsInMemory();
  const managedPolicies = [managedPolicy(folder, base)];
  const secrets = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const opened = (late.opened = await openSession({
    version: 'scenario',
    storage: join(base, 'storage'),
    workspace: { roots: [{ name: 'project', dir: workspace }], trusted: () => scenario.trusted },
    settings: () => settings,
    model: () => model,
    secrets,
    environment: { ...process.env, ...environment },
    clock: hurriedClock(),
    approver,
    watcher: {
      text(delta) {
        watched.push(delta);
        stopAt('text');
      },
      textEnded: () => watched.push('\n'),
      state(state) {
        watched.push(`\n${JSON.stringify(state)}\n`);
        if (state.kind === 'retrying') stopAt('retry');
      },
    },
    live: () => stopAt('output'),
    managedPolicies,
    openDocuments: { unsaved: (path) => scenario.unsaved.includes(path.slice('project:'.length)) },
    problems: () => [],
    problemWatch: {
      watch: (paths) => ({
        fresh: () => Promise.resolve(paths.flatMap((path) => problemIn(path, scenario.problems))),
        end: () => undefined,
      }),
    },
    ripgrepCandidates: [],
    sandbox: () => Promise.resolve(passThroughSandbox()),
    sealKeys: sealKeysIn(cells('seal'), Date.now),
    mirror: (folder) => headMirrorIn(cells, folder),
    onRecord(record) {
      // What a full disk does to the record: this line is written, the next is not.
      if (record.kind === scenario.auditFullAt) diskFull = true;
      if (diskFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    },
  }));
  return { opened, cards: approver.cards, watched };
}

/** The scenario's `managed.json` as the machine's policy; whoever runs the tests administers the machine. */
function managedPolicy(folder: string, base: string): ManagedPlace {
  const path = join(base, 'managed.json');
  const file = join(folder, 'managed.json');
  if (existsSync(file)) cpSync(file, path);
  return { path, administrators: [process.getuid?.() ?? 0] };
}

/** Real time and ids, but nobody waits for a retry. */
function hurriedClock(): Clock {
  const clock = systemClock();
  return { ...clock, sleep: (ms, signal) => clock.sleep(Math.min(ms, 5), signal) };
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
