import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/protocol/outcome.ts';
import { pathInRoot, type WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { problemWatch } from '../../../src/vscode/problemWatch.ts';
import { manualClock } from '../../support/manualClock.ts';

const path = pathInRoot({ name: 'app', dir: '/app' }, 'a.ts');
const other = pathInRoot({ name: 'app', dir: '/app' }, 'b.ts');
const signal = new AbortController().signal;

function problem(message: string, line = 1, severity: Problem['severity'] = 'error'): Problem {
  return { path, line, severity, message, source: 'ts' };
}

function editor(now: readonly Problem[], isOpen = true) {
  const clock = manualClock();
  const listeners = new Set<(path: WorkspacePath) => void>();
  let problems = now;
  const watched = problemWatch(
    {
      problems: (of) => problems.filter((one) => one.path === of),
      isOpen: () => isOpen,
      onChanged(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    clock,
  ).watch([path]);
  return {
    clock,
    watched,
    listeners,
    says(next: readonly Problem[], of = path) {
      problems = next;
      for (const listener of listeners) listener(of);
    },
  };
}

describe('problems after an edit', () => {
  it('are those that were not there before, wherever they stand now', async () => {
    const { clock, watched, says, listeners } = editor([problem('old'), problem('twice'), problem('gone')]);
    const fresh = watched.fresh(signal);
    await clock.sleeping(1);
    says([
      problem('old', 9),
      problem('twice'),
      problem('twice', 2),
      problem('new'),
      problem('tip', 1, 'hint'),
    ]);
    await clock.sleeping(1);
    await clock.advance(250);
    expect((await fresh).map(({ message }) => message)).toEqual(['twice', 'new']);
    watched.end();
    expect(listeners.size).toBe(0);
  });

  it('are waited for while they keep coming, for a second at most', async () => {
    const { clock, watched, says } = editor([]);
    const fresh = watched.fresh(signal);
    await clock.sleeping(1);
    for (let n = 0; n < 5; n += 1) {
      says([problem(`number ${n}`)]);
      await clock.advance(200);
      if (n < 4) await clock.sleeping(1);
    }
    expect((await fresh).map(({ message }) => message)).toEqual(['number 4']);
    expect(clock.pending()).toBe(0);
  });

  it('of other files end no wait, and none after a second means none', async () => {
    const { clock, watched, says } = editor([]);
    const fresh = watched.fresh(signal);
    await clock.sleeping(1);
    says([{ ...problem('elsewhere'), path: other }], other);
    expect(clock.pending()).toBe(1);
    await clock.advance(1_000);
    expect(await fresh).toEqual([]);
  });

  it('are not waited for where the editor looks at nothing', async () => {
    const { clock, watched } = editor([], false);
    expect(await watched.fresh(signal)).toEqual([]);
    expect(clock.pending()).toBe(0);
  });

  it('are given up when the person stops', async () => {
    const { clock, watched } = editor([]);
    const stop = new AbortController();
    const fresh = watched.fresh(stop.signal);
    await clock.sleeping(1);
    stop.abort(new Error('stopped'));
    await expect(fresh).rejects.toThrow('stopped');
  });
});
