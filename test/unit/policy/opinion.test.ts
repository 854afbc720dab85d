import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision, Verdict } from '../../../src/protocol/decision.ts';
import { strictest, strictestOf, type Judge } from '../../../src/policy/opinion.ts';

const ORDER: readonly Verdict[] = ['allow', 'ask', 'deny'];
const opinion = fc.option(
  fc.record({ verdict: fc.constantFrom(...ORDER), rule: fc.string(), because: fc.string() }),
  { nil: undefined },
);

function rank(decision: Decision): number {
  return ORDER.indexOf(decision.verdict);
}

describe('opinions', () => {
  it('the strictest wins, and silence is ask', () => {
    fc.assert(
      fc.property(fc.array(opinion), (opinions) => {
        const spoken = opinions.filter((one) => one !== undefined);
        const verdict = strictestOf(opinions).verdict;
        return spoken.length === 0 ? verdict === 'ask' : verdict === ORDER[Math.max(...spoken.map(rank))];
      }),
    );
  });

  it('one more opinion never loosens what others said', () => {
    fc.assert(
      fc.property(fc.array(opinion, { minLength: 1 }), opinion, fc.nat(), (opinions, more, where) => {
        fc.pre(opinions.some((one) => one !== undefined));
        const at = where % (opinions.length + 1);
        const all = [...opinions.slice(0, at), more, ...opinions.slice(at)];
        return rank(strictestOf(all)) >= rank(strictestOf(opinions));
      }),
    );
  });

  it('a question that a grant may lift never hides one that nothing lifts', () => {
    const asks = fc.array(fc.boolean(), { minLength: 1 });
    fc.assert(
      fc.property(asks, (grantable) => {
        const opinions = grantable.map((may): Decision => {
          const asked = { verdict: 'ask', rule: '', because: '' } as const;
          return may ? { ...asked, grantable: true } : asked;
        });
        return (strictestOf(opinions).grantable === true) === grantable.every(Boolean);
      }),
    );
  });

  it('the first speaks among equals', () => {
    const say = (rule: string): Decision => ({ verdict: 'ask', rule, because: '' });
    expect(strictestOf([undefined, say('one'), say('two')]).rule).toBe('one');
  });

  it('a judge that throws denies, and says so', () => {
    const broken: Judge<string> = {
      name: 'broken',
      judge: () => {
        throw new Error('no such table');
      },
    };
    const kind: Judge<string> = {
      name: 'kind',
      judge: () => ({ verdict: 'allow', rule: 'kind', because: '' }),
    };
    for (const judges of [[broken], [kind, broken], [broken, kind]])
      expect(strictest(judges, '')).toEqual({
        verdict: 'deny',
        rule: 'policy.error',
        because: 'the rule "broken" failed (no such table), so nothing was allowed',
      });
  });
});
