import { beforeAll, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { readRecords, verifyChain, type FoundRecord } from '../../../../src/audit/auditReader.ts';
import { drawPlots } from '../../../../src/audit/report/plots.ts';
import { reportPage } from '../../../../src/audit/report/reportPage.ts';
import { followSession } from '../../../../src/audit/report/sessionSummary.ts';
import type { AuditRecord, RecordEntry } from '../../../../src/protocol/record.ts';
import { digestOf } from '../../../../src/protocol/digest.ts';
import { memorySource } from '../../../support/memorySource.ts';
import { richSession } from '../../../support/richSession.ts';
import { opened, sampleLog, user, windowOf } from '../../../support/sampleSession.ts';

async function pageOf(text: string): Promise<string> {
  const source = memorySource(text);
  const { visit, summary } = followSession();
  const log = await verifyChain(source, { visit });
  if (log.kind !== 'sound') throw new Error('The sample must be sound.');
  const completeness = { kind: 'unknown', because: 'Nothing was given.' } as const;
  const prices = { input: 3, cached: 0.3, output: 15 };
  const pieces: string[] = [];
  const report = { log, completeness, summary, prices, draw: drawPlots, records: recordsOf(text) };
  for await (const piece of reportPage(report)) pieces.push(piece);
  return pieces.join('');
}

async function* recordsOf(text: string): AsyncGenerator<AuditRecord> {
  for await (const found of readRecords(memorySource(text).lines()))
    if (found.kind === 'record') yield (found satisfies FoundRecord).record;
}

const HOSTILE = `</style></pre><script src="https://evil.example/x.js"></script><img src=x onerror='a("b")'>&lt;\u202e`;

let rich = '';
let hostile = '';

beforeAll(async () => {
  rich = await pageOf((await richSession(60)).file.text());
  const sample = sampleLog({ session: HOSTILE.replaceAll(/\s/g, '') });
  if (opened.kind !== 'session.opened') throw new Error('The sample opens.');
  await sample.log.record({ ...opened, data: { ...opened.data, model: HOSTILE, roots: [HOSTILE] } });
  await sample.log.window({ ...windowOf([user(HOSTILE)]), model: HOSTILE });
  const effect = digestOf('x');
  const entries: readonly RecordEntry[] = [
    {
      kind: 'proposed',
      data: { call: HOSTILE, tool: HOSTILE, effect, what: { kind: 'invalid', because: HOSTILE } },
    },
    { kind: 'decided', data: { calls: [HOSTILE], effect, verdict: 'ask', rule: HOSTILE, because: HOSTILE } },
    { kind: 'shown', data: { card: 'c', kind: HOSTILE, digest: effect, calls: [HOSTILE] } },
    { kind: 'answered', data: { card: 'c', digest: effect, choice: HOSTILE, how: HOSTILE, ms: 5 } },
    { kind: 'response', data: { window: 1, ms: 5, failed: { kind: 'x', because: HOSTILE } } },
    { kind: 'alert', data: { rule: HOSTILE, severity: 'high', because: HOSTILE } },
  ];
  for (const entry of entries) await sample.log.record(entry);
  await sample.log.close();
  hostile = await pageOf(sample.file.text());
});

describe('a report', () => {
  it('forbids everything but its one style sheet', () => {
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(rich)?.[1];
    const style = /<style>([\s\S]*?)<\/style>/.exec(rich)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it.each(['rich', 'hostile'])('holds nothing that runs, loads or is styled apart: %s', (which) => {
    const page = which === 'rich' ? rich : hostile;
    const tags = [...page.matchAll(/<([a-z]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi)];
    expect(tags.length).toBeGreaterThan(100);
    // Whatever begins with `<` is one of these tags, or the end of one.
    expect(page.replace('<!doctype html>', '').match(/</g)).toHaveLength(
      tags.length + (page.match(/<\/[a-z]+\d?>/gi) ?? []).length + (page.match(/<h[1-3]/g) ?? []).length,
    );
    const names = new Set(tags.map(([, name = '']) => name));
    for (const name of [
      'script',
      'img',
      'link',
      'iframe',
      'object',
      'form',
      'base',
      'use',
      'image',
      'animate',
    ])
      expect(names).not.toContain(name);
    const attributes = tags.map(([, , given = '']) => given).join(' ');
    expect(attributes).not.toMatch(/\s(?:on\w+|style|src|srcset|action|xlink:href)=/i);
    for (const [, href = ''] of attributes.matchAll(/\shref="([^"]*)"/g)) expect(href).toMatch(/^#/);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toContain('\u202e');
  });

  it('leads from every decision and every alert to its record', () => {
    const links = [...rich.matchAll(/href="#([^"]*)"/g)].map(([, to]) => to);
    expect(links.length).toBeGreaterThan(60);
    for (const to of new Set(links)) expect(rich.split(` id="${to}"`)).toHaveLength(2);
  });

  it('draws composition, decisions, time to approve, tokens and latency as plots with a name', () => {
    const titles = [...rich.matchAll(/<figcaption>([^<]*)<\/figcaption>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'What each window was made of, in KiB by who put it there',
      'Decisions by rule',
      'How long people took to answer',
      'Tokens of each request, as the endpoint counted them',
      'How long the model took',
    ]);
    expect(rich.match(/<svg /g)).toHaveLength(titles.length);
    expect(rich.match(/<figure role="img" aria-label="/g)).toHaveLength(titles.length);
  });

  it('is the same for the same log', async () => {
    expect(await pageOf((await richSession(60)).file.text())).toBe(rich);
  });
});

describe('what a report tells of a session', () => {
  it('is what its records say', async () => {
    const text = (await richSession(60)).file.text();
    const records = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AuditRecord);
    const { visit, summary } = followSession();
    await verifyChain(memorySource(text), { visit });
    const of = (kind: AuditRecord['kind']) => records.filter((record) => record.kind === kind).length;
    expect(summary.windows).toHaveLength(of('window'));
    expect(summary.decisions).toHaveLength(of('decided'));
    expect(summary.decisions.filter(({ answer }) => answer !== undefined)).toHaveLength(of('answered'));
    expect(summary.decisions.filter(({ outcome }) => outcome !== undefined)).toHaveLength(of('performed'));
    expect(summary.notable.map(({ kind }) => kind)).toEqual(['alert', 'alert']);
    expect(summary.windows.at(-1)?.turn).toBe(7);
  });
});
