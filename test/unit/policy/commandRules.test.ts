import { describe, expect, it } from 'vitest';
import { compileCommandRules, isNamedIn } from '../../../src/policy/commandRules.ts';
import { readCommandRules, type CommandRule } from '../../../src/protocol/commandRule.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { facts, HERE, onDisk, policy, running } from './policyCases.ts';

const on = { 'commands.enabled': true };

const absent = { state: 'absent' } as const;
const KNOWN = facts(HERE, onDisk('out.txt'), onDisk('made', absent), onDisk('.vscode', absent));

function verdict(rules: readonly unknown[], line: string): string {
  return policy({ ...on, 'commands.rules': rules }).decide(running(line), KNOWN).verdict;
}

describe('a rule that allows', () => {
  it.each<[argv: string[], line: string, verdict: string]>([
    [['frob', 'lint'], 'frob lint', 'allow'],
    [['frob', 'lint'], '"frob" \'lint\'', 'allow'],
    [['frob', 'lint'], 'frob lint && frob lint', 'allow'],
    [['frob', 'lint'], 'frob lint 2>&1', 'allow'],
    [['frob', 'lint'], 'frob lint > /dev/null', 'allow'],
    [['frob', 'lint'], 'frob lint | head -3', 'allow'],
    [['frob', 'lint'], 'frob', 'ask'],
    [['frob', 'lint'], 'frob lint all', 'ask'],
    [['frob', 'lint'], 'frob lintx', 'ask'],
    [['frob', 'lint'], 'frob -C .. lint', 'ask'],
    [['frob', 'lint'], './frob lint', 'ask'],
    [['frob', 'lint'], '/tmp/frob lint', 'ask'],
    [['frob', 'lint'], 'Frob lint', 'ask'],
    [['frob', 'lint'], 'frob lint; frob all', 'ask'],
    [['frob', 'lint'], 'frob lint | frob all', 'ask'],
    [['frob', 'lint'], 'env frob lint', 'ask'],
    [['frob', 'lint'], 'frob $X', 'ask'],
    [['frob', 'lint'], 'X=1 frob lint', 'ask'],
    [['frob', 'lint'], 'frob lint &', 'ask'],
    [['frob', 'lint'], 'frob lint > out.txt', 'ask'],
    [['frob', 'lint'], '$(frob lint)', 'ask'],
    // What stands for the star must be understood, which no program is without a specification.
    [['frob', '*'], 'frob lint', 'ask'],
    [['mkdir', '*'], 'mkdir made', 'allow'],
    [['mkdir', '*'], 'mkdir -p made', 'allow'],
    [['mkdir', '*'], 'mkdir --no-such-flag made', 'ask'],
    [['mkdir', '*'], 'mkdir .vscode', 'ask'],
    [['mkdir', '.vscode'], 'mkdir .vscode', 'ask'],
    [['mkdir', '*'], 'mkdir ../outside', 'deny'],
    [['bash', 'run.sh'], 'bash run.sh', 'ask'],
    [['busybox', 'sh'], 'busybox sh', 'ask'],
    [['python3', '-c', 'print(1)'], 'python3 -c "print(1)"', 'deny'],
    [['sudo', 'ls'], 'sudo ls', 'deny'],
    [['rm', '-rf', '/'], 'rm -rf /', 'deny'],
  ])('%j on %j says %s', (argv, line, wanted) => {
    expect(verdict([{ argv, verdict: 'allow' }], line)).toBe(wanted);
  });

  it('never allows code on a command line, however the switches stand', () => {
    const rules = [{ argv: ['python3', '-c', 'print(1)'], verdict: 'allow' }];
    const both = policy({ ...on, 'commands.interpreters': true, 'commands.rules': rules });
    expect(both.decide(running('python3 -c "print(1)"'), facts(HERE)).verdict).toBe('ask');
  });

  it('says which rule it was', () => {
    const rules = [{ argv: ['frob', 'lint'], verdict: 'allow' }];
    expect(policy({ ...on, 'commands.rules': rules }).decide(running('frob lint'), facts(HERE))).toEqual({
      verdict: 'allow',
      rule: 'commands.rules',
      because: 'your own rules allow frob lint',
    });
  });

  it('needs commands switched on, a folder that may be entered, and no rule against it', () => {
    const allowing = { argv: ['frob', 'lint'], verdict: 'allow' };
    expect(policy({ 'commands.rules': [allowing] }).decide(running('frob lint'), facts(HERE)).rule).toBe(
      'commands.enabled',
    );
    const inSecret = policy({ ...on, 'commands.rules': [allowing] }).decide(
      running('frob lint', '.ssh'),
      facts(onDisk('.ssh', { state: 'folder' })),
    );
    expect(inSecret.verdict).toBe('deny');
    expect(verdict([allowing, { argv: ['frob', '*'], verdict: 'ask' }], 'frob lint')).toBe('ask');
    expect(verdict([{ argv: ['frob', '*'], verdict: 'deny' }, allowing], 'frob lint')).toBe('deny');
  });
});

describe('a rule that refuses', () => {
  it.each<[argv: string[], line: string, verdict: string]>([
    [['git', 'push', '*'], 'git push', 'deny'],
    [['git', 'push'], 'git push origin main', 'deny'],
    [['git', 'push', '*'], 'git -C sub push', 'deny'],
    [['git', 'push', '*'], 'git --no-pager -c a=b push -f', 'deny'],
    [['git', 'push', '*'], '/usr/bin/git push', 'deny'],
    [['git', 'push', '*'], 'GIT push', 'deny'],
    [['git', 'push', '*'], 'git.exe push', 'deny'],
    [['git', 'push', '*'], 'true && env -i git push', 'deny'],
    [['git', 'push', '*'], 'echo x | xargs git push', 'deny'],
    [['git', 'push', '*'], 'sh -c "git push"', 'deny'],
    [['git', 'push', '*'], 'echo "$(git push)"', 'deny'],
    [['git', 'push', '*'], 'git $WHAT', 'deny'],
    [['git', 'push', '*'], 'if true; then git push; fi', 'deny'],
    [['git', 'push', '*'], 'g?t push', 'deny'],
    [['git', 'push', '*'], 'git log', 'allow'],
    [['git', 'push', '*'], 'git stash push', 'ask'],
    [['git', 'push', '*'], 'git log --grep push', 'allow'],
    [['git', 'push', '*'], 'echo git push', 'allow'],
    [['*'], 'ls', 'deny'],
    [['curl', '*'], 'curl http://127.0.0.1/', 'deny'],
    [['curl'], 'wget http://127.0.0.1/', 'ask'],
  ])('%j on %j says %s', (argv, line, wanted) => {
    expect(verdict([{ argv, verdict: 'deny' }], line)).toBe(wanted);
  });
});

describe('a rule that cannot stand', () => {
  it.each<[rule: unknown, line: string, other: string]>([
    [{ argv: ['npm', 'test'], verdict: 'allow', matches: ['npm run test'] }, 'npm test', 'frob x'],
    [{ argv: ['npm', '*'], verdict: 'allow', rejects: ['npm publish'] }, 'npm test', 'frob x'],
    [{ argv: ['git', 'push'], verdict: 'deny', matches: ['git pull'] }, 'git log', 'frob x'],
    [{ argv: ['git', '*', 'x'], verdict: 'allow' }, 'git log', 'frob x'],
    [{ argv: ['git'], verdict: 'maybe' }, 'git log', 'frob x'],
    [{ argv: ['git'], verdict: 'deny', extra: 1 }, 'git log', 'frob x'],
    [{ argv: 'git', verdict: 'allow' }, 'git log', 'frob x'],
  ])('refuses its program and nothing else: %j', (rule, line, other) => {
    expect(verdict([rule], line)).toBe('deny');
    expect(verdict([rule], other)).toBe('ask');
  });

  it.each<[unknown]>([
    [{}],
    [null],
    ['npm test'],
    [{ argv: [], verdict: 'deny' }],
    [{ argv: ['*'], verdict: 'allow' }],
  ])('refuses every command where it names no program: %j', (rule) => {
    expect(verdict([rule], 'ls')).toBe('deny');
  });

  it('takes no refusal from the rules beside it', () => {
    const rules = [{ argv: ['git', 'push'], verdict: 'deny' }, { nonsense: true }];
    expect(verdict(rules, 'git push')).toBe('deny');
  });

  it('is said, with the rule it is about', () => {
    const examples = [{ argv: ['npm', 'test'], verdict: 'allow', matches: ['npm run test'] }];
    expect(policy({ 'commands.rules': examples }).problems).toEqual([
      'commands.rules: rule 1 (npm test) does not match its example "npm run test", so npm is refused',
    ]);
    const broken = parseSettings({ 'commands.rules': [{ argv: ['npm'], verdict: 'maybe' }] });
    expect(broken.problems.map(({ key }) => key)).toEqual(['commands.rules']);
    expect(broken.problems[0]?.because).toContain('so npm is refused');
    expect(parseSettings({ 'commands.rules': 'npm' }).settings['commands.rules']).toEqual([
      { argv: ['*'], verdict: 'deny' },
    ]);
  });
});

describe('examples', () => {
  const sound = (rule: CommandRule) => compileCommandRules([rule], 'rules').problems.length === 0;
  it('of what is allowed must be allowed whole, of what is refused in any part', () => {
    const allowing: CommandRule = { argv: ['npm', 'test', '*'], verdict: 'allow' };
    expect(sound({ ...allowing, matches: ['npm test', 'npm test -- --watch'] })).toBe(true);
    expect(sound({ ...allowing, rejects: ['npm tests', 'npm test; id', 'npm test $X'] })).toBe(true);
    expect(sound({ ...allowing, matches: ['npm test; id'] })).toBe(false);
    const refusing: CommandRule = { argv: ['git', 'push'], verdict: 'deny' };
    expect(sound({ ...refusing, matches: ['true; git push'], rejects: ['git pull'] })).toBe(true);
    expect(sound({ ...refusing, rejects: ['\u202e'] })).toBe(false);
  });

  it('are not mixed up with names that objects have anyway', () => {
    const { rules } = readCommandRules([{ argv: ['__proto__'], verdict: 'deny' }]);
    expect(compileCommandRules(rules, 'rules').allowing(['constructor'])).toBeUndefined();
  });
});

describe('beginnings that users may allow', () => {
  it.each<[string[][], string[], boolean]>([
    [[['npm', '*']], ['npm', 'test'], true],
    [[['npm', 'test']], ['npm', 'test'], true],
    [[['npm', 'test']], ['npm', 'test', 'x'], false],
    [[['*']], ['anything'], true],
    [[], ['npm'], false],
    [[['npm', '*']], ['npx', 'x'], false],
  ])('%j on %j: %s', (beginnings, argv, wanted) => {
    expect(isNamedIn(beginnings, argv)).toBe(wanted);
  });
});
