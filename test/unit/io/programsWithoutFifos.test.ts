import { expect, it } from 'vitest';
import type { CommandLine, SimpleCommand } from '../../../src/protocol/command.ts';
import { systemClock } from '../../../src/io/clock.ts';
import { runCommandLine } from '../../../src/io/runCommandLine.ts';
import { temporaryFolder } from './worldInFolder.ts';

const command = (
  argv: readonly [string, ...string[]],
  ...redirects: SimpleCommand['redirects']
): SimpleCommand => ({
  argv,
  redirects,
});

function line(...pipeline: readonly [SimpleCommand, ...SimpleCommand[]]): CommandLine {
  return { kind: 'plain', text: '', steps: [{ when: 'always', folder: '', pipeline }] };
}

const lines: readonly { name: string; line: CommandLine; output: string; code: number }[] = [
  { name: 'one program', line: line(command(['echo', 'a'])), output: 'a\n', code: 0 },
  {
    name: 'three in a row',
    line: line(command(['printf', 'b\\na\\n']), command(['sort']), command(['head', '-1'])),
    output: 'a\n',
    code: 0,
  },
  {
    name: 'a reader that stops',
    line: line(command(['yes'], { fd: 2, to: 'null' }), command(['head', '-1'])),
    output: 'y\n',
    code: 0,
  },
  {
    name: 'errors into the pipe',
    line: line(command(['cat', '/none'], { fd: 2, to: 'stdout' }), command(['wc', '-l'])),
    output: '1\n',
    code: 0,
  },
  {
    name: 'nothing into the pipe',
    line: line(command(['echo', 'a'], { fd: 1, to: 'null' }), command(['wc', '-l'])),
    output: '0\n',
    code: 0,
  },
  { name: 'a failure', line: line(command(['false'])), output: '', code: 1 },
  {
    name: 'a missing program that tells the next one',
    line: line(command(['none'], { fd: 2, to: 'stdout' }), command(['wc', '-l'])),
    output: '1\n',
    code: 0,
  },
  {
    name: 'a file that cannot be opened',
    line: line(command(['cat'], { fd: 0, from: 'file', file: 'a' })),
    output: 'a: No such place\n',
    code: 1,
  },
];

const nowhere = () => Promise.resolve({ kind: 'trouble' as const, because: 'No such place' });

it.each(lines)(
  'without named pipes programs are joined by socket pairs: $name',
  async ({ line: plan, output, code }) => {
    const cwd = await temporaryFolder();
    const ran = await runCommandLine(
      {
        line: plan,
        program: (name) => (name === 'none' ? null : `/usr/bin/${name}`),
        cwd,
        places: {
          folder: () => Promise.resolve({ kind: 'at', real: cwd }),
          file: nowhere,
          changedIn: () => Promise.resolve(undefined),
        },
        environment: { PATH: '/usr/bin:/bin' },
        marker: systemClock().id(),
        timeoutMs: 10_000,
        keep: () => 'goOn',
        mkfifo: null,
      },
      () => undefined,
      new AbortController().signal,
    );
    expect({ output: ran.output.head, end: ran.end }).toEqual({ output, end: { kind: 'exit', code } });
  },
);
