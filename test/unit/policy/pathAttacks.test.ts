import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/protocol/effect.ts';
import type { PathFacts } from '../../../src/protocol/facts.ts';
import { parseWorkspacePath, relativePath } from '../../../src/protocol/workspacePath.ts';
import { pathAttacks, type PathAttack, type Verdict } from './pathAttacks.ts';
import { changing, editing, facts, onDisk, OTHER, policy, reading, SOME } from './policyCases.ts';

const roots = [{ name: 'shop', dir: '/projects/shop' }];
/** As loose as settings get: what is still asked or refused, no rule of the user's opens. */
const loose = policy({ 'edits.allow': ['**'] });

function factsOf({ raw, disk }: PathAttack): PathFacts | string {
  const parsed = parseWorkspacePath(raw, roots);
  if (parsed.kind === 'refused') return parsed.because;
  return onDisk(relativePath(parsed.path), disk);
}

function judged(effect: (relative: string) => Effect, known: PathFacts, ...more: readonly PathFacts[]) {
  return loose.decide(effect(relativePath(known.path)), facts(known, ...more));
}

const ORDER: readonly Verdict[] = ['allow', 'ask', 'deny', 'refused'];
const strictness = (verdict: Verdict) => ORDER.indexOf(verdict);

describe.each(pathAttacks)('%s', (_, attacks) => {
  it.each(attacks.map((attack) => [JSON.stringify(attack.raw.slice(0, 60)), attack] as const))(
    '%s',
    (_name, attack) => {
      const known = factsOf(attack);
      if (typeof known === 'string') {
        expect([attack.read, attack.write]).toEqual(['refused', 'refused']);
        expect(known).toContain(attack.by);
        return;
      }
      expect(judged(reading, known).verdict).toBe(attack.read);
      expect(loose.decideRead(known).verdict).toBe(attack.read);
      const write = judged(changing, known);
      // An edit shows what stood there before, so what is asked or refused to be read is so to be changed.
      const strictest = Math.max(strictness(attack.write), strictness(attack.read));
      expect(strictness(write.verdict)).toBe(strictest);
      if (attack.write === ORDER[strictest] && attack.write !== 'allow') expect(write.rule).toBe(attack.by);
      expect(write.because).not.toBe('');
    },
  );

  it('creating, deleting and renaming, from it and to it, are judged as a change', () => {
    for (const attack of attacks) {
      const known = factsOf(attack);
      if (typeof known === 'string') continue;
      const plain = onDisk('plain.ts', { state: 'absent', links: 0, size: 0 });
      const other = onDisk('plain.ts');
      const verdicts = {
        create: judged((path) => editing({ path, before: null, after: OTHER }), known),
        delete: judged((path) => editing({ path, before: SOME, after: null }), known),
        from: judged((path) => editing({ path, to: 'plain.ts', before: SOME, after: SOME }), known, plain),
        to: judged(
          (path) => editing({ path: 'plain.ts', to: path, before: SOME, after: SOME }),
          known,
          other,
        ),
      };
      for (const [what, { verdict }] of Object.entries(verdicts))
        expect(strictness(verdict), `${what} ${attack.raw}`).toBeGreaterThanOrEqual(strictness(attack.write));
    }
  });

  it('listing, searching and running in it are refused wherever reading is', () => {
    for (const attack of attacks) {
      const known = factsOf(attack);
      if (typeof known === 'string' || attack.read !== 'deny') continue;
      const list = judged(() => ({ kind: 'list', path: known.path, depth: 1 }), known);
      const query = { pattern: 'x', isRegex: false, caseSensitive: false };
      const search = judged(() => ({ kind: 'search', path: known.path, query }), known);
      expect([list.verdict, search.verdict], attack.raw).toEqual(['deny', 'deny']);
    }
  });
});

describe('the table', () => {
  it('holds nearly two hundred attacks, each once', () => {
    const all = pathAttacks.flatMap(([, attacks]) => attacks);
    expect(all.length).toBeGreaterThan(190);
    expect(new Set(all.map((attack) => JSON.stringify(attack))).size).toBe(all.length);
  });

  it('says why, in words a person understands', () => {
    const because = (relative: string, disk: Parameters<typeof onDisk>[1]) =>
      judged(changing, onDisk(relative, disk)).because;
    const reason = (relative: string, disk: Parameters<typeof onDisk>[1]) =>
      loose.decideRead(onDisk(relative, disk)).because;
    expect(because('store/config', { repository: 'shop:store' as never })).toBe(
      'store/config is never written: git takes store for a repository and runs hooks and configuration from it',
    );
    expect(reason('notes', { links: 2, hiddenNames: ['shop:.env'] as never })).toBe(
      'to read notes is to read .env, the same file, which matches the paths.deny glob **/.env',
    );
    expect(reason('prod.env', { ignored: true })).toBe(
      'git ignores prod.env and its name says that it may hold secrets; what is read goes to the model',
    );
    expect(because('names', { links: 2 })).toBe(
      'names is one of 2 names of the same file; the others may be outside the workspace',
    );
  });
});
