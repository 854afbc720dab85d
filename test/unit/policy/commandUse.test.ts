import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { specOf } from '../../../src/policy/command/programFamilies.ts';
import { EVERYDAY_COMMANDS } from './everydayCommands.ts';
import { EVERYDAY_LINES } from './everydayLines.ts';
import { FLOOR_LINES } from './floorLines.ts';
import { HOSTILE_LINES } from './hostileLines.ts';
import { FOLDER, judged, policy, running, type Disk } from './policyCases.ts';

const on = policy({ 'commands.enabled': true });
const open = policy({ 'commands.enabled': true, 'commands.interpreters': true });

/** Whether every program of the line, wrapped ones included, has a specification. */
function isKnown(line: string): boolean {
  const { commands } = on.useOf(running(line));
  return commands.every(({ argv }) => argv[0]?.includes('/') === true || specOf(argv[0] ?? '') !== undefined);
}

describe('everyday commands', () => {
  it.each(EVERYDAY_COMMANDS.filter(([, , line]) => isKnown(line)))(
    '%s, %s: %s',
    (verdict, understood, line) => {
      expect(judged(on, line)).toMatchObject({ verdict });
      expect(on.useOf(running(line)).understood).toBe(understood === 'understood');
    },
  );

  it('are asked where their programs have no specification, with that as the reason', () => {
    for (const [, , line] of EVERYDAY_COMMANDS.filter(([, , line]) => !isKnown(line)))
      expect(judged(on, line).because, line).toMatch(/The program|the program `.*` is not known/);
  });

  it('are 150 and more, and those that only read are mostly allowed', () => {
    expect(EVERYDAY_COMMANDS.length).toBeGreaterThanOrEqual(150);
    const reading = EVERYDAY_COMMANDS.filter(([verdict]) => verdict === 'allow');
    const allowed = reading.filter(([, , line]) => judged(on, line).verdict === 'allow');
    expect(allowed.length / reading.length).toBeGreaterThan(0.5);
  });
});

describe('a command is judged by every path it names', () => {
  it.each<[line: string, verdict: string, rule: string, because: string | RegExp]>([
    ['cat .env', 'deny', 'paths.deny', '.env matches the paths.deny glob **/.env'],
    ['head -c 5 sub/.ENV', 'deny', 'paths.deny', /glob/],
    ['wc -l a b key.pem', 'deny', 'paths.deny', /key\.pem/],
    ['ls .ssh', 'deny', 'paths.deny', /\.ssh/],
    ['grep -f .env a', 'deny', 'paths.deny', /\.env/],
    [
      'sort --files0-from=.env',
      'ask',
      'commands.ask',
      'not all of it is understood: `--files0-from` of sort is not known',
    ],
    ['cp .env copy.txt', 'deny', 'paths.deny', /\.env/],
    ['mv .env copy.txt', 'deny', 'paths.deny', /\.env/],
    ['ln -s .env copy.txt', 'deny', 'paths.deny', /\.env/],
    ['find . -name x -exec cat .env {} +', 'deny', 'paths.deny', /\.env/],
    ['xargs -a .env echo', 'deny', 'paths.deny', /\.env/],
    ['timeout 5 cat .env', 'deny', 'paths.deny', /\.env/],
    ['env -C sub cat .env', 'deny', 'paths.deny', /sub\/\.env/],
    ['echo a && cat a.txt | head .env', 'deny', 'paths.deny', /\.env/],
    ['touch CVS/x', 'deny', 'paths.never-written', /version control/],
    ['cp evil.txt CVS/', 'deny', 'paths.never-written', /version control/],
    ['tee .vscode/settings.json', 'ask', 'paths.protected', /the editor obeys/],
    ['cp sub/package.json .', 'ask', 'paths.protected', /package\.json is always asked/],
    ['sed -i s/a/b/ package.json', 'ask', 'paths.protected', /package\.json/],
    ['sort -o .npmrc a', 'ask', 'paths.protected', /\.npmrc/],
    ['cat /etc/hosts', 'ask', 'commands.outside', 'it would read /etc/hosts, which is outside the workspace'],
    ['cat ../other/a', 'ask', 'commands.outside', /\/projects\/other\/a/],
    ['ls /', 'ask', 'commands.outside', 'it would look at /, which is outside the workspace'],
    ['cat /home/ada/.ssh/id_rsa', 'deny', 'paths.deny', /id_rsa/],
    ['cat ../../home/ada/.aws/credentials', 'deny', 'paths.deny', /\.aws/],
    ['cat /home/ada/.config/gh/hosts.yml', 'deny', 'commands.credentials', /credentials are kept/],
    ['cat /home/ada/.npmrc', 'deny', 'commands.credentials', /credentials/],
    ['cat /proc/self/environ', 'deny', 'commands.credentials', /environ/],
    ['cat /proc/1234/environ', 'deny', 'commands.credentials', /environ/],
    ['cat /etc/shadow', 'deny', 'commands.credentials', /shadow/],
    ['head -c 10 /dev/sda', 'deny', 'commands.credentials', /sda/],
    ['grep -r AKIA /', 'deny', 'commands.credentials', /below \/ /],
    ['grep -r AKIA /home/ada', 'deny', 'commands.credentials', /below/],
    ['rg secret ../..', 'deny', 'commands.credentials', /below/],
    ['cp -r /home/ada/.ssh x', 'deny', 'paths.deny', /\.ssh/],
    ['ln -s /home/ada x', 'deny', 'commands.credentials', /below/],
    ['touch /home/ada/notes.txt', 'deny', 'commands.outside', /would write/],
    ['cp a /usr/local/x', 'deny', 'commands.outside', /would write/],
    ['cp a /tmp/x', 'ask', 'commands.outside', 'it would write /tmp/x, which is outside the workspace'],
    ['cat /tmp/../home/ada/.ssh/id_rsa', 'deny', 'paths.deny', /id_rsa/],
    ['tee /dev/null', 'ask', 'commands.ask', /write \/dev\/null/],
    ['cat /dev/null', 'allow', 'commands.reads', /reads/],
    ['rm -rf dist', 'ask', 'commands.ask', 'it would write dist with everything in it'],
    ['./run.sh x', 'ask', 'commands.ask', 'it would run the file run.sh'],
    ['env', 'ask', 'commands.ask', 'no rule allows env'],
    ['cat a | frob', 'ask', 'commands.ask', 'not all of it is understood: the program `frob` is not known'],
  ])('%s', (line, verdict, rule, because) => {
    const decision = judged(on, line);
    expect(decision).toMatchObject({ verdict, rule });
    expect(decision.because).toEqual(because instanceof RegExp ? expect.stringMatching(because) : because);
  });

  it.each<[line: string, disks: { readonly [relative: string]: Disk }, verdict: string, rule: string]>([
    ['grep -rn foo src', { src: FOLDER }, 'allow', 'commands.reads'],
    ['grep -rn foo src', { src: { ...FOLDER, holdsDenied: true } }, 'ask', 'commands.below'],
    ['grep -rn foo src', { src: { state: 'folder' } }, 'ask', 'commands.below'],
    ['grep -rn foo', { '': { ...FOLDER, holdsDenied: true } }, 'ask', 'commands.below'],
    ['ls -R src', { src: { ...FOLDER, holdsDenied: true } }, 'allow', 'commands.reads'],
    ['cat a.txt', { 'a.txt': { real: '.env' } }, 'deny', 'paths.deny'],
    ['cat a.txt', { 'a.txt': { real: null } }, 'deny', 'paths.outside'],
    ['cat a.txt', { 'a.txt': { size: 1e12 } }, 'allow', 'commands.reads'],
    ['cat pipe.txt', { 'pipe.txt': { state: 'other' } }, 'deny', 'paths.kind'],
    ['touch a.txt', { 'a.txt': { links: 2 } }, 'ask', 'paths.hard-link'],
    ['rm -r sub', { sub: { state: 'folder', real: '.git' } }, 'deny', 'paths.never-written'],
    ['cat ../x.txt', { '': { state: 'folder', real: 'elsewhere' } }, 'ask', 'commands.outside'],
  ])('%s on %j', (line, disks, verdict, rule) => {
    expect(judged(on, line, disks)).toMatchObject({ verdict, rule });
  });

  it.each([
    ['cat .env; echo $HOME', 'deny', 'paths.deny'],
    ['cat ~/.ssh/config', 'deny', 'paths.deny'],
    ['for f in a; do cat .env; done', 'deny', 'paths.deny'],
    ['(cd sub && cat .env)', 'deny', 'paths.deny'],
    ['echo "$(cat .env)"', 'deny', 'paths.deny'],
    ['time cat .env', 'deny', 'paths.deny'],
    ['X=1 cat .env', 'deny', 'paths.deny'],
    ['ls ~/projects', 'ask', 'commands.outside'],
    ['(cd a/b && cat ../../c.txt)', 'ask', 'commands.ask'],
    ['diff <(ls a) <(ls b)', 'ask', 'commands.ask'],
  ])('also where only a shell can run it: %s', (line, verdict, rule) => {
    expect(running(line).line.kind).toBe('shell');
    expect(judged(on, line)).toMatchObject({ verdict, rule });
  });

  it('and refused where nothing was looked up', () => {
    const bare = { paths: [], executables: [] };
    expect(on.decide(running('cat a.txt'), bare).rule).toBe('paths.unknown');
  });
});

describe('what may be asked once and for all', () => {
  it.each([
    ['rm -rf dist', true],
    ['./run.sh', true],
    ['mkdir a', true],
    ['frob a', undefined],
    ['cat --frob a', undefined],
    ['touch package.json', undefined],
    ['cat /etc/hosts', undefined],
    ['ls $HOME', undefined],
    ['rm -rf $DIR', undefined],
    ["python3 -c 'print(1)'", undefined],
    ["bash -c 'ls'", undefined],
    ['ls | xargs rm', undefined],
  ])('%s: %s', (line, grantable) => {
    const decision = judged(open, line);
    expect(decision.verdict).toBe('ask');
    expect(decision.grantable).toBe(grantable);
  });

  it('is nothing where no sandbox confines it', () => {
    const sandbox = { kind: 'none', because: 'there is no bubblewrap' } as const;
    for (const line of ['ls', 'rm a'])
      expect(judged(on, line, {}, { sandbox })).toEqual({
        verdict: 'ask',
        rule: 'commands.sandbox',
        because: 'nothing confines it: there is no bubblewrap',
      });
    expect(judged(on, 'cat .env', {}, { sandbox }).verdict).toBe('deny');
  });
});

const STRICTNESS = { allow: 0, ask: 1, deny: 2 };

describe('nothing loosens', () => {
  it('a floor or hostile line is never allowed by a shipped rule', () => {
    for (const line of [...FLOOR_LINES.map(([, one]) => one), ...HOSTILE_LINES])
      expect(judged(open, line).verdict, line).not.toBe('allow');
  });

  it('by wrapping or by what stands beside', () => {
    const lines = [
      ...EVERYDAY_COMMANDS.map(([, , line]) => line),
      ...EVERYDAY_LINES.map(([, line]) => line),
      'cat .env',
      'cat /etc/hosts',
    ];
    const wrapper = fc.constantFrom(
      'nice',
      'timeout 5',
      'env',
      'env CI=1',
      'env -C .',
      'nohup',
      'stdbuf -oL',
      'xargs',
    );
    const around = fc.constantFrom<(line: string) => string>(
      (line) => line,
      (line) => `ls; ${line}`,
      (line) => `${line}; ls`,
      (line) => `echo a | ${line}`,
      (line) => `true && ${line}`,
      (line) => (/[<>|&;]/.test(line) ? line : `find src -exec ${line} {} ';'`),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.array(wrapper, { maxLength: 3 }),
        around,
        (line, wrappers, put) => {
          const bare = STRICTNESS[judged(on, line).verdict];
          const wrapped = put(
            [...wrappers.filter((one) => one !== 'xargs' || !line.includes('<<')), line].join(' '),
          );
          expect(STRICTNESS[judged(on, wrapped).verdict], wrapped).toBeGreaterThanOrEqual(bare);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('by a flag that is not known', () => {
    for (const [, , line] of EVERYDAY_COMMANDS.filter(([verdict]) => verdict === 'allow')) {
      const [program = '', ...rest] = line.split(' ');
      if (specOf(program)?.anyArguments === true) continue;
      const odd = [program, '--surely-not-known', ...rest].join(' ');
      expect(judged(on, odd).verdict, odd).not.toBe('allow');
    }
  });
});
