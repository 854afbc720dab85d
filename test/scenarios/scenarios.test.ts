import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { rebuildWindow, verifyChain } from '../../src/audit/auditReader.ts';
import { channelWords } from '../../src/audit/channelWords.ts';
import { digestOf } from '../../src/protocol/digest.ts';
import type { AuditRecord } from '../../src/protocol/record.ts';
import { auditSummary, cardSummary } from '../support/auditSummary.ts';
import { memorySource } from '../support/memorySource.ts';
import { runScenario, type ScenarioRun } from '../support/runScenario.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Larger files are made by a scenario's set-up and would only swell the repository. */
const LARGE = 1_000_000;
const update = process.env['UPDATE'] === '1';
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

let run: ScenarioRun | undefined;
afterEach(() => run?.remove());

describe.each(folders)('%s', (name) => {
  const folder = join(here, name);
  const { says } = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8')) as { says: string };

  it(says, { timeout: 60_000 }, async () => {
    run = await runScenario(folder, tree);
    const lines = readFileSync(run.auditFile, 'utf8').trimEnd().split('\n');
    const summary = auditSummary(lines, run.masks);
    const cards = cardSummary(run.cards, new Map([...run.masks, ...run.hidden]));
    const expected = join(folder, 'expected');
    if (update) rewrite(expected, run, { 'audit.jsonl': summary, 'cards.jsonl': cards });
    expect(run.ends.map(({ ended }) => ended)).toEqual(run.wantedEnds);
    expect(existsSync(expected), 'An expectation is missing; make it with UPDATE=1 and read it.').toBe(true);
    expect(tree(run.outside)).toEqual(run.outsideBefore);
    expect(tree(run.workspace, '', run.hidden)).toEqual(tree(join(expected, 'workspace')));
    expect(cards).toBe(readFileSync(join(expected, 'cards.jsonl'), 'utf8'));
    expect(summary).toBe(readFileSync(join(expected, 'audit.jsonl'), 'utf8'));
    await expectExactRecord(run, readFileSync(run.auditFile));
    expectNothingSecret(run, lines);
    expectGrowingPrefix(run);
  });
});

/** What left over the socket is what the record says, byte for byte, and nothing left that is not on it. */
async function expectExactRecord({ requests }: ScenarioRun, log: Buffer): Promise<void> {
  const source = memorySource(log);
  const verified = await verifyChain(source);
  expect(verified.kind).toBe('sound');
  if (verified.kind !== 'sound') return;
  let window = 0;
  for (const { body } of requests) {
    window += 1;
    const rebuilt = await rebuildWindow(source, verified.index, window);
    expect(rebuilt.kind === 'body' && Buffer.from(rebuilt.body).equals(body), `window ${window}`).toBe(true);
  }
}

/** No secret the agent met is on the record, in the channel, in a request, in an ending, or was shown while it worked. */
function expectNothingSecret(
  { hidden, requests, watched, ends, cards }: ScenarioRun,
  lines: readonly string[],
) {
  const words = channelWords();
  const sinks = {
    record: lines.join('\n'),
    channel: lines.map((line) => words(JSON.parse(line) as AuditRecord)).join('\n'),
    requests: requests.map(({ body }) => body.toString('utf8')).join('\n'),
    ends: JSON.stringify(ends),
    watched,
    claims: cards.map((card) => ('claim' in card ? card.claim : '')).join('\n'),
  };
  for (const [sink, text] of Object.entries(sinks))
    for (const [secret, name] of hidden) expect(text.includes(secret), `${name} in ${sink}`).toBe(false);
}

/** Providers can cache what stays: parameters, tools and messages of a request extend those of the one before. */
function expectGrowingPrefix({ requests }: ScenarioRun): void {
  for (const [at, { body }] of requests.entries()) {
    const before = requests[at - 1]?.body;
    if (before === undefined) continue;
    const shared = before.subarray(0, before.length - 2);
    expect(body.subarray(0, shared.length).equals(shared), `request ${at + 1} extends the one before`).toBe(
      true,
    );
  }
}

/** Every path of a folder with what stands there: digest and mode of files, targets of links, which are not followed. */
function tree(folder: string, below = '', hidden: Hidden = new Map()): Record<string, string> {
  const found: Record<string, string> = {};
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder).sort()) {
    const full = join(folder, name);
    const path = join(below, name);
    const stat = lstatSync(full);
    if (stat.isSymbolicLink()) found[path] = `link to ${readlinkSync(full)}`;
    else if (stat.isDirectory()) Object.assign(found, tree(full, path, hidden));
    else if (stat.size <= LARGE)
      found[path] = `${digestOf(maskedFile(full, hidden))} ${stat.mode & 0o111 ? 'executable' : 'plain'}`;
  }
  return found;
}

type Hidden = ReadonlyMap<string, string>;

/** Expectations hold no secret, not even a made-up one. */
function maskedFile(file: string, hidden: Hidden): Buffer {
  const content = readFileSync(file);
  if (hidden.size === 0) return content;
  let text = content.toString('latin1');
  for (const [secret, name] of hidden) text = text.replaceAll(secret, name);
  return Buffer.from(text, 'latin1');
}

function rewrite(expected: string, { workspace, hidden }: ScenarioRun, files: Record<string, string>): void {
  rmSync(expected, { recursive: true, force: true });
  mkdirSync(expected, { recursive: true });
  cpSync(workspace, join(expected, 'workspace'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => lstatSync(source).size <= LARGE,
  });
  for (const entry of readdirSync(join(expected, 'workspace'), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (hidden.size > 0 && entry.isFile()) writeFileSync(file, maskedFile(file, hidden));
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(expected, name), text);
}
