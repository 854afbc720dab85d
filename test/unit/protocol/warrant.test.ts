import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/protocol/content.ts';
import type { Effect } from '../../../src/protocol/effect.ts';
import { warrantOffice } from '../../../src/protocol/warrant.ts';
import { parseWorkspacePath } from '../../../src/protocol/workspacePath.ts';

function path(relative: string) {
  const parsed = parseWorkspacePath(relative, [{ name: 'app', dir: '/app' }]);
  if (parsed.kind === 'refused') throw new Error(parsed.because);
  return parsed.path;
}

function edit(text: string, mode = 0o644): Effect {
  return {
    kind: 'edit',
    files: [{ path: path('a.txt'), before: null, after: contentOf(text, { bom: false, mode }) }],
  };
}

describe('a warrant', () => {
  it('is redeemed once for the effect it was issued for', () => {
    const office = warrantOffice();
    const warrant = office.issue(edit('a'), []);
    expect(() => office.redeem(warrant, edit('a'))).not.toThrow();
    expect(() => office.redeem(warrant, edit('a'))).toThrow('used before');
  });

  it.each([
    ['another text', edit('b')],
    ['another mode', edit('a', 0o755)],
    ['another kind', { kind: 'read', path: path('a.txt') } satisfies Effect],
  ])('is worth nothing for %s, and is spent by the attempt', (_, other) => {
    const office = warrantOffice();
    const warrant = office.issue(edit('a'), []);
    expect(() => office.redeem(warrant, other)).toThrow('another effect');
    expect(() => office.redeem(warrant, edit('a'))).toThrow('used before');
  });

  it('cannot be made elsewhere: neither a copy nor one of another office is known', () => {
    const office = warrantOffice();
    const warrant = office.issue(edit('a'), []);
    expect(() => office.redeem({ ...warrant }, edit('a'))).toThrow('not issued here');
    expect(() => warrantOffice().redeem(warrant, edit('a'))).toThrow('not issued here');
  });

  it('cannot be changed after it was issued', () => {
    const warrant = warrantOffice().issue(edit('a'), []);
    expect(() => Object.assign(warrant, { effect: 'x' })).toThrow(TypeError);
  });
});
