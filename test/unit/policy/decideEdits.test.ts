import { describe, expect, it } from 'vitest';
import {
  OWN,
  policy,
  type Disk,
  onDisk,
  facts,
  content,
  SOME,
  OTHER,
  editing,
  changing,
} from './policyCases.ts';

describe('editing', () => {
  const free = { 'edits.allow': ['**'] };

  it.each<[relative: string, disk: Disk, raw: Record<string, unknown>, rule: string, verdict: string]>([
    ['src/a.ts', {}, {}, 'edits.ask', 'ask'],
    ['src/a.ts', {}, free, 'edits.allow', 'allow'],
    ['src/a.ts', {}, { 'edits.allow': ['src/**'] }, 'edits.allow', 'allow'],
    ['lib/a.ts', {}, { 'edits.allow': ['src/**'] }, 'edits.ask', 'ask'],
    ['src/link', { real: 'lib/a.ts' }, { 'edits.allow': ['src/**'] }, 'edits.ask', 'ask'],
    ['SRC/a.ts', {}, { 'edits.allow': ['src/**'] }, 'edits.ask', 'ask'],
    ['package.json', {}, free, 'paths.protected', 'ask'],
    ['.vscode/settings.json', {}, free, 'paths.protected', 'ask'],
    ['.vscode/settings.json', { state: 'absent', links: 0 }, free, 'paths.protected', 'ask'],
    ['.cUrSoR/mcp.json', { state: 'absent', links: 0 }, free, 'paths.protected', 'ask'],
    ['notes.md', { real: 'CLAUDE.md' }, free, 'paths.protected', 'ask'],
    ['Makefile', {}, {}, 'paths.protected', 'ask'],
    ['.git/config', {}, free, 'paths.never-written', 'deny'],
    ['.git', { state: 'absent' }, free, 'paths.never-written', 'deny'],
    ['link', { real: '.git/hooks/pre-commit' }, free, 'paths.never-written', 'deny'],
    ['src/a.ts', { links: 2 }, free, 'paths.hard-link', 'ask'],
    ['src/a.ts', { state: 'folder' }, free, 'paths.kind', 'deny'],
    ['src/a.ts', { state: 'other' }, free, 'paths.kind', 'deny'],
    ['src/a.ts', { real: null }, free, 'paths.outside', 'deny'],
    ['src/a.ts', { size: 20_000_000 }, free, 'files.maxBytes', 'deny'],
    ['.env', {}, free, 'paths.deny', 'deny'],
    ['a.ts', { real: '.env' }, free, 'paths.deny', 'deny'],
    ['a.ts', {}, { ...free, 'paths.write': ['src/**'] }, 'paths.write', 'deny'],
    ['src/a.ts', { real: 'a.ts' }, { ...free, 'paths.write': ['src/**'] }, 'paths.write', 'deny'],
    ['src/a.ts', {}, { ...free, 'paths.read': ['docs/**'] }, 'paths.read', 'deny'],
    ['own', { realAbsolute: `${OWN}/policy.json` }, free, 'paths.own', 'deny'],
  ])('%s on %j with %j: %s says %s', (relative, disk, raw, rule, verdict) => {
    expect(policy(raw).decide(changing(relative), facts(onDisk(relative, disk)))).toMatchObject({
      rule,
      verdict,
    });
  });

  it('creating needs no right to read; deleting is a write', () => {
    const writeOnly = policy({ 'paths.read': ['docs/**'] });
    const absent = onDisk('src/a.ts', { state: 'absent', links: 0, size: 0 });
    expect(
      writeOnly.decide(editing({ path: 'src/a.ts', before: null, after: SOME }), facts(absent)).verdict,
    ).toBe('ask');
    const deleting = editing({ path: 'src/a.ts', before: SOME, after: null });
    expect(policy().decide(deleting, facts(onDisk('src/a.ts'))).verdict).toBe('ask');
    expect(policy({ 'paths.write': [] }).decide(deleting, facts(onDisk('src/a.ts'))).verdict).toBe('deny');
  });

  it('a rename is judged on both names', () => {
    const rename = (from: string, to: string, raw = {}) =>
      policy({ ...free, ...raw }).decide(
        editing({ path: from, to, before: SOME, after: SOME }),
        facts(onDisk(from), onDisk(to, { state: 'absent', links: 0, size: 0 })),
      );
    expect(rename('a.ts', 'b.ts').verdict).toBe('allow');
    expect(rename('.env', 'env.txt').verdict).toBe('deny');
    expect(rename('env.txt', '.env').verdict).toBe('deny');
    expect(rename('a.ts', '.git/hooks/pre-commit').rule).toBe('paths.never-written');
    expect(rename('a.ts', 'package.json').rule).toBe('paths.protected');
    expect(rename('package.json', 'a.json').rule).toBe('paths.protected');
    expect(rename('a.ts', 'lib/a.ts', { 'paths.write': ['*.ts'] }).rule).toBe('paths.write');
    expect(rename('a.ts', 'b.ts', { 'paths.read': ['b.ts'] }).rule).toBe('paths.read');
  });

  it('the strictest file decides for all', () => {
    const effect = editing(
      { path: 'a.ts', before: SOME, after: OTHER },
      { path: '.env', before: SOME, after: OTHER },
    );
    expect(policy(free).decide(effect, facts(onDisk('a.ts'), onDisk('.env')))).toMatchObject({
      verdict: 'deny',
      rule: 'paths.deny',
    });
  });

  it('one edit names a file once', () => {
    const twice = editing(
      { path: 'a.ts', before: SOME, after: OTHER },
      { path: 'b.ts', before: SOME, after: OTHER },
    );
    expect(policy(free).decide(twice, facts(onDisk('a.ts'), onDisk('b.ts', { real: 'a.ts' }))).rule).toBe(
      'edits.twice',
    );
    const swap = editing(
      { path: 'a.ts', before: SOME, after: OTHER, to: 'b.ts' },
      { path: 'b.ts', before: SOME, after: OTHER },
    );
    expect(policy(free).decide(swap, facts(onDisk('a.ts'), onDisk('b.ts'))).rule).toBe('edits.twice');
    expect(policy(free).decide({ kind: 'edit', files: [] }, facts()).rule).toBe('edits.empty');
  });

  it('never quotes what a file holds', () => {
    const marker = 'the-content-of-the-file';
    const effect = editing({ path: '.env', before: content(marker), after: content(`${marker}2`) });
    expect(policy().decide(effect, facts(onDisk('.env'))).because).not.toContain(marker);
  });
});
