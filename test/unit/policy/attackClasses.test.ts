import { describe, expect, it } from 'vitest';
import { commandEnvironment } from '../../../src/io/commandEnvironment.ts';
import { programFamilies, specOf } from '../../../src/policy/command/programFamilies.ts';
import { parseWorkspacePath } from '../../../src/protocol/workspacePath.ts';
import { protectedPlaces } from '../../../src/protocol/sandbox.ts';
import { EVERYDAY_COMMANDS } from './everydayCommands.ts';
import { command } from './grantCases.ts';
import {
  at,
  editing,
  facts,
  FOLDER,
  HERE,
  judged,
  onDisk,
  OTHER,
  policy,
  running,
  SOME,
} from './policyCases.ts';
import { LIVE_PROBES, OTHER_PROBES } from './probeLines.ts';

const open = policy({
  'commands.enabled': true,
  'commands.interpreters': true,
  'edits.allow': ['**'],
});
const shipped = policy({ 'commands.enabled': true });

/**
 * The classes of attack on an agent, by the number each has in our threat model, where policy is what stops them. What
 * needs a disk, a process or an editor is tried beside the code that does it: 2 in io/runCommandLine and
 * io/linePlaces, 7 in io/neutralGit, 10 in e2e/restricted, 20 in io/runCommandLine as well.
 */
describe('attack class 1: the agent rewrites what it is ruled by', () => {
  const places = ['.vscode/settings.json', '.mcp.json', '.warrant/policy.json'];
  it.each(places)('%s is not changed, created or written by a command without a person', (place) => {
    const known = facts(HERE, onDisk(place), onDisk(place.split('/')[0] ?? '', FOLDER));
    const absent = facts(HERE, onDisk(place, { state: 'absent', links: 0, size: 0 }));
    const verdicts = [
      open.decide(editing({ path: place, before: SOME, after: OTHER }), known),
      open.decide(editing({ path: place, before: null, after: OTHER }), absent),
      judged(open, `echo x > ${place}`),
    ].map(({ verdict }) => verdict);
    expect(verdicts).not.toContain('allow');
  });
});

it('attack class 3: what two readers of a line may read differently is never allowed', () => {
  const lines = [...LIVE_PROBES, ...OTHER_PROBES];
  expect(lines.length).toBeGreaterThan(57);
  expect(lines.filter((line) => judged(open, line).verdict === 'allow')).toEqual([]);
});

describe('attack class 4: a flag makes a harmless program write or run', () => {
  it.each([
    'uniq a b',
    'sort -o b a',
    'git log --output=b',
    'find . -fprint b',
    'sed -n wb a',
    'tree -o b',
    'rg --pre sh x',
  ])('%s is not allowed by rule', (line) => {
    expect(judged(shipped, line).verdict).not.toBe('allow');
  });

  it('a flag that no specification knows is asked, with every program that only reads', () => {
    const readers = programFamilies.flatMap(({ programs }) =>
      programs.flatMap(({ names }) => names.split(' ')),
    );
    expect(readers.length).toBeGreaterThan(100);
    // `echo` and its kin say whatever they are given.
    for (const name of readers.filter((one) => specOf(one)?.anyArguments !== true))
      expect(judged(shipped, `${name} --no-such-flag-at-all x`).verdict, name).not.toBe('allow');
  });
});

it('attack class 5: no wrapper, however deep, hides what is never run', () => {
  const wrappers =
    'env,command,nohup,nice -n 5,timeout 5,setsid,stdbuf -o0,ionice -c2,time,xargs,watch,exec'.split(',');
  const floor = [
    'rm -rf /',
    'rm -rf ~',
    'sudo ls',
    'mkfs.ext4 /dev/sda1',
    'dd if=a of=/dev/sda',
    'shutdown now',
    'chmod +s a',
    'crontab a',
    'git clean -xfd',
    'systemctl enable a',
  ];
  for (const wrapper of wrappers)
    for (const line of floor)
      for (const depth of [1, 2, 3, 4, 5]) {
        const text = `${Array<string>(depth).fill(wrapper).join(' ')} ${line}`;
        expect(judged(open, text).verdict, text).toBe('deny');
      }
});

describe('attack class 6: the environment is poisoned first', () => {
  it.each([
    'export PATH=/tmp/x; ls',
    'declare -x PATH=/tmp/x; ls',
    'PATH=/tmp/x ls',
    'BASH_ENV=./x ls',
    'GIT_PAGER=./x git log',
    'GIT_EXTERNAL_DIFF=./x git diff',
    'NODE_OPTIONS=--require=./x node --version',
    'env LD_PRELOAD=./x.so ls',
    'env NODE_OPTIONS=--require=./x node a.js',
  ])('%s is not allowed by rule', (line) => {
    expect(judged(shipped, line).verdict).not.toBe('allow');
  });

  it('programs start from the same environment whatever stands in ours', () => {
    const poison = {
      LD_PRELOAD: './x.so',
      DYLD_INSERT_LIBRARIES: './x',
      NODE_OPTIONS: '--require=./x',
      BASH_ENV: './x',
      ENV: './x',
      GIT_PAGER: './x',
      GIT_EXTERNAL_DIFF: './x',
      GIT_CONFIG_COUNT: '1',
      EDITOR: './x',
      SSH_ASKPASS: './x',
      PYTHONSTARTUP: './x',
      PERL5OPT: '-Mx',
      RUBYOPT: '-rx',
    };
    const clean = { HOME: '/home/ada', LANG: 'C' };
    expect(commandEnvironment({ ...clean, ...poison }, ['/usr/bin'])).toEqual(
      commandEnvironment(clean, ['/usr/bin']),
    );
  });
});

describe('attack class 8: a path leads where it does not seem to', () => {
  const roots = [{ name: 'shop', dir: '/projects/shop' }];
  it.each([
    '../shop-evil/a',
    'a/../../etc/passwd',
    '/projects/shop-evil/a',
    '/etc/passwd',
    '~/.ssh/id_rsa',
    '//server/share',
    '\\\\?\\C:\\a',
    'file:///etc/passwd',
    'CON',
    'a.txt::$DATA',
    'a\u0000b',
    'a\u202eb',
  ])('%j is no path to read, write, list or work in', (raw) => {
    expect(parseWorkspacePath(raw, roots).kind).toBe('refused');
  });

  it('a link out of the workspace is refused for reading, writing, listing and working in', () => {
    const out = onDisk('link', { real: null, state: 'folder' });
    const effects = [
      { kind: 'read', path: at('link') },
      editing({ path: 'link', before: SOME, after: OTHER }),
      { kind: 'list', path: at('link'), depth: 1 },
      running('ls', 'link'),
    ] as const;
    for (const effect of effects) expect(open.decide(effect, facts(HERE, out)).verdict).toBe('deny');
  });
});

it('attack class 9: what is protected is neither created, replaced nor moved away with its folder', () => {
  for (const { name } of [...protectedPlaces, { name: '.git' }, { name: '.git/hooks/pre-commit' }])
    for (const line of [
      `touch ${name}`,
      `mkdir -p ${name}`,
      `cp a ${name}`,
      `mv ${name} b`,
      `ln -s a ${name}`,
      `rm -r ${name}`,
    ]) {
      const decision = judged(open, line);
      expect(decision.verdict, line).not.toBe('allow');
      expect(decision.grantable, line).toBeUndefined();
    }
});

describe('attack class 13: what was allowed once is stretched', () => {
  const sandbox = { kind: 'available', by: 'bubblewrap' } as const;
  const known = {
    ...facts(HERE, onDisk('made', { state: 'absent' }), onDisk('b', { state: 'absent' })),
    sandbox,
  };
  const cover = shipped.grantCover(command('mkdir made'), known);
  if (cover === undefined) throw new Error('No grant can be given for this.');
  const grant = { ...cover, id: 'g1', workspace: 'w' as never, scope: 'always', from: 0, until: 1 } as const;
  const granted = policy({ 'commands.enabled': true }, { grants: () => [grant] });

  it('the same line is allowed', () => {
    expect(granted.decide(command('mkdir made'), known).verdict).toBe('allow');
  });

  it.each([
    'mkdir made; id',
    'mkdir made && mkdir b',
    'mkdir made b',
    'mkdir made | tee b',
    'mkdir "made"; touch b',
    'mkdir b',
  ])('%s is asked', (line) => {
    expect(granted.decide(command(line), known).verdict).not.toBe('allow');
  });

  it('elsewhere, with the network or outside the sandbox it is asked', () => {
    const elsewhere = facts(HERE, onDisk('sub', FOLDER), onDisk('sub/made', { state: 'absent' }));
    for (const [effect, disk] of [
      [command('mkdir made', 'sub'), { ...elsewhere, sandbox }],
      [command('mkdir made', '', { confined: { network: true } }), known],
      [running('mkdir made'), known],
      [command('mkdir made'), { ...known, sandbox: { kind: 'available', by: 'seatbelt' } as const }],
    ] as const)
      expect(granted.decide(effect, disk).verdict).not.toBe('allow');
  });
});

describe('attack class 20: a line is made to exhaust who looks at it', () => {
  it.each([
    ['a line of one megabyte', `ls ${'a'.repeat(1_048_576)}`],
    ['ten thousand commands', Array<string>(10_000).fill('ls').join(';')],
    ['commands within commands', `${'$('.repeat(4_000)}ls${')'.repeat(4_000)}`],
    ['braces without end', `echo ${'{a,'.repeat(2_000)}`],
    ['quotes without end', `echo ${'"\''.repeat(4_000)}`],
    ['a fork bomb', ':(){ :|:& };:'],
    ['endless patterns', `ls ${'*'.repeat(4_000)}`],
  ])('%s is never allowed', (_, line) => {
    expect(judged(open, line).verdict).not.toBe('allow');
  });

  it('the longest lines that are read at all are judged as strictly', () => {
    const [, , line] = EVERYDAY_COMMANDS[0] ?? ['', '', 'ls'];
    const long = Array<string>(31).fill(line).join(' && ').slice(0, 8_000);
    expect(['allow', 'ask', 'deny']).toContain(judged(shipped, long).verdict);
    expect(judged(shipped, `${long} && rm -rf /`).verdict).toBe('deny');
  });
});
