import { expect, it } from 'vitest';
import { personRestore } from '../../../src/policy/personRestore.ts';

it.each([
  [
    'deny',
    'paths.never-written',
    'never written',
    { verdict: 'deny', rule: 'paths.never-written', because: 'never written' },
  ],
  ['allow', 'edits.allow', 'named', { verdict: 'ask', rule: 'person.restore', because: 'you asked to undo' }],
  ['ask', 'edits.ask', 'shown', { verdict: 'ask', rule: 'person.restore', because: 'you asked to undo' }],
  [
    'ask',
    'paths.protected',
    'it runs code',
    { verdict: 'ask', rule: 'person.restore', because: 'you asked to undo; it runs code' },
  ],
] as const)('what the rules %s by %s a person is asked or refused', (verdict, rule, because, expected) => {
  expect(personRestore({ verdict, rule, because }, 'to undo')).toEqual(expected);
});
