import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/protocol/effect.ts';
import type { WorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { EVERYDAY_LINES } from './everydayLines.ts';
import { FLOOR_LINES } from './floorLines.ts';
import { OWN, policy, at, type Disk, onDisk, facts, running, HERE, judged } from './policyCases.ts';

describe('commands', () => {
  const on = { 'commands.enabled': true };

  it('are off until someone switches them on, and the refusal says where', () => {
    expect(policy().decide(running('ls'), facts(HERE))).toEqual({
      verdict: 'deny',
      rule: 'commands.enabled',
      because: 'commands are switched off; the setting warrant.commands.enabled allows them',
    });
  });

  it('are asked for when no rule allows them, and none of the everyday ones is refused', () => {
    const enabled = policy(on);
    for (const [, line, code] of EVERYDAY_LINES) {
      const { verdict, rule } = judged(enabled, line);
      // Nothing in there is written by the agent, by whatever means.
      if (line.includes('.git/')) expect(rule, line).toBe('paths.never-written');
      else if (code === 'code')
        expect({ verdict, rule }, line).toEqual({ verdict: 'deny', rule: 'commands.interpreters' });
      else
        expect([`ask ${rule}`, 'allow commands.reads', 'allow commands.git-reads'], line).toContain(
          `${verdict} ${rule}`,
        );
    }
    expect(judged(policy(on), 'echo $HOME').because).toContain('an expansion ($)');
  });

  it('hand code to an interpreter only when that is on as well', () => {
    const both = policy({ ...on, 'commands.interpreters': true });
    for (const [, line, code] of EVERYDAY_LINES)
      if (code === 'code') expect(judged(both, line), line).toMatchObject({ verdict: 'ask' });
  });

  it('meet the floor with every switch on', () => {
    const all = policy({ ...on, 'commands.interpreters': true, 'edits.allow': ['**'], 'paths.deny': [] });
    for (const [rule, line] of FLOOR_LINES)
      expect(all.decide(running(line), facts(HERE)), line).toMatchObject({ verdict: 'deny', rule });
  });

  it('are what their text says', () => {
    const lying: Effect = {
      kind: 'command',
      line: {
        kind: 'plain',
        text: 'ls',
        steps: [{ when: 'always', folder: '', pipeline: [{ argv: ['ls', '-R'], redirects: [] }] }],
      },
      folder: at(''),
      timeoutMs: 1_000,
    };
    expect(policy(on).decide(lying, facts(HERE)).rule).toBe('commands.mismatch');
    expect(policy(on).decide(running('ls\u202e'), facts(HERE)).rule).toBe('commands.text');
  });

  it.each<[string, Disk, string, string]>([
    ['', { state: 'folder' }, 'commands.reads', 'allow'],
    ['src', { state: 'folder' }, 'commands.reads', 'allow'],
    ['src', { state: 'folder', real: null }, 'paths.outside', 'deny'],
    ['src', { state: 'folder', real: '.ssh' }, 'paths.deny', 'deny'],
    ['.ssh', { state: 'folder' }, 'paths.deny', 'deny'],
    ['a.ts', { state: 'file' }, 'commands.folder', 'deny'],
    ['gone', { state: 'absent' }, 'commands.folder', 'deny'],
    ['own', { state: 'folder', realAbsolute: OWN }, 'paths.own', 'deny'],
  ])('run in a folder that may be entered: %j on %j', (folder, disk, rule, verdict) => {
    expect(policy(on).decide(running('ls', folder), facts(onDisk(folder, disk)))).toMatchObject({
      rule,
      verdict,
    });
  });

  it('end after ten minutes at most', () => {
    const forever = { ...running('ls'), timeoutMs: 600_001 };
    expect(policy(on).decide(forever, facts(HERE)).rule).toBe('commands.timeout');
    expect(policy(on).decide({ ...running('ls'), timeoutMs: Number.NaN }, facts(HERE)).verdict).toBe('deny');
  });

  it('start in the folder of the window that they name, not in the first one', () => {
    const lib = {
      ...onDisk('', { state: 'folder' }),
      path: 'lib:' as WorkspacePath,
      real: 'lib:' as WorkspacePath,
      realAbsolute: '/data/lib',
    };
    const inLib = { ...running('rm -rf ../../projects/shop'), folder: lib.path };
    expect(policy(on, { roots: () => ['/projects/shop', '/data/lib'] }).decide(inLib, facts(lib)).rule).toBe(
      'floor.delete',
    );
    const outOfLib = { ...running('rm -rf ../lib'), folder: lib.path };
    expect(policy(on).decide(outOfLib, facts(lib)).rule).toBe('floor.delete');
  });

  it('know the workspace folder from the disk alone', () => {
    const noRoots = policy(on, { roots: () => [] });
    expect(noRoots.decide(running('rm -rf /projects/shop'), facts(HERE)).rule).toBe('floor.delete');
    const inSrc = facts(onDisk('src', { state: 'folder' }));
    expect(noRoots.decide(running('rm -rf /projects/shop', 'src'), inSrc).rule).toBe('floor.delete');
  });
});
