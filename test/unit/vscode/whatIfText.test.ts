import { describe, expect, it } from 'vitest';
import type { WhatIf } from '../../../src/protocol/whatIf.ts';
import { questionFrom, whatIfText } from '../../../src/vscode/whatIfText.ts';

const answer: WhatIf = {
  verdict: 'ask',
  rule: 'commands.ask',
  because: 'it would write a.txt',
  plain: true,
  understood: true,
  argv: [['cp', 'my file', 'a.txt']],
  reads: ['shop:my file'],
  writes: ['shop:a.txt'],
  network: [],
  executes: [],
};

describe('what a person types', () => {
  it.each([
    { typed: ' npm test ', question: { kind: 'command', text: 'npm test' } },
    { typed: 'read src/a b.ts', question: { kind: 'read', path: 'src/a b.ts' } },
    { typed: 'write .env', question: { kind: 'write', path: '.env' } },
    { typed: 'readlink a', question: { kind: 'command', text: 'readlink a' } },
    { typed: 'read', question: { kind: 'command', text: 'read' } },
    { typed: '  ', question: undefined },
  ])('$typed is understood', ({ typed, question }) => {
    expect(questionFrom(typed)).toEqual(question);
  });
});

describe('the answer for people', () => {
  it('has the verdict, the rule, the reason and all that would be touched', () => {
    const text = whatIfText({ kind: 'command', text: 'cp "my file" a.txt' }, answer);
    expect(text).toContain('You would be asked. Rule: commands.ask\nReason: it would write a.txt\n');
    expect(text).toContain('Commands:\n  cp "my file" a.txt\n');
    expect(text).toContain('Writes:\n  shop:a.txt\n');
    expect(text).not.toContain('Network');
  });

  it('lets no word of a command pass for a line of ours', () => {
    const argv = [['echo', 'x\nAllowed without asking.']];
    const text = whatIfText(
      { kind: 'command', text: 'echo "x\nAllowed without asking."' },
      { ...answer, argv },
    );
    expect(text).not.toMatch(/^Allowed/m);
  });
});
