import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordEntry } from '../../../src/protocol/record.ts';
import { settings } from '../../../src/protocol/settings.ts';

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const isThere = (name: string) => existsSync(new URL(`../../../${name}`, import.meta.url));
const PAGES = [
  ...['README.md', 'SECURITY.md', 'RUNBOOK.md', 'AGENTS.md', 'CHANGELOG.md'],
  ...[
    'docs/architecture.md',
    'docs/audit-format.md',
    'docs/benchmarks.md',
    'docs/dependencies.md',
    'docs/policy.md',
  ],
];
const kinds = recordEntry.options.map(({ shape }) => shape.kind.value).sort();

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  it('names only settings that there are', () => {
    const named = [...text.matchAll(/`warrant\.(?!vsix`)([\w.]+)`/g)].map(([, key = '']) => key);
    expect(named.filter((key) => !(key in settings))).toEqual([]);
  });

  it('names only files of the source and of tests that there are', () => {
    const named = [...text.matchAll(/`((?:src|test|docs|scripts|bench)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });
});

describe('the kinds of records', () => {
  it('stand in docs/audit-format.md, each of them', () => {
    const [list = ''] = /The kinds are [^]*?\. A verifier/.exec(read('docs/audit-format.md')) ?? [];
    const named = [...list.matchAll(/`([\w.]+)`/g)].map(([, kind = '']) => kind);
    expect(named.sort()).toEqual(kinds);
  });

  it('are known to the second verifier, each of them', () => {
    const [, list = ''] = /^KINDS = set\(([^]*?)^\)/m.exec(read('test/support/verifyAudit.py')) ?? [];
    expect(
      [...list.matchAll(/[a-z.]+(?=[ "])/g)]
        .map(([kind]) => kind)
        .filter((kind) => kind !== '.')
        .sort(),
    ).toEqual(kinds);
  });
});

it('README.md names every setting', () => {
  const text = read('README.md');
  const rows = text.split('\n').filter((line) => line.startsWith('| `warrant.'));
  const named = rows.flatMap((row) => {
    const names = [...(row.split('|')[1] ?? '').matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name);
    const group = (names[0] ?? '').replace(/\.\w+$/, '');
    return names.map((name) => (name.startsWith('.') ? group + name : name));
  });
  expect(named.sort()).toEqual(
    Object.keys(settings)
      .map((key) => `warrant.${key}`)
      .sort(),
  );
});
