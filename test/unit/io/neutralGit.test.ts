import { execFile } from 'node:child_process';
import { chmod, chown, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitFolders } from '../../../src/io/neutralGit.ts';
import { specOf } from '../../../src/policy/command/programFamilies.ts';
import { parseCommandLine } from '../../../src/policy/commandLine.ts';
import type { CommandLine } from '../../../src/protocol/command.ts';
import type { Done } from '../../../src/protocol/outcome.ts';
import { hostileRepository, VECTORS } from './hostileRepository.ts';
import { temporaryFolder, worldInFolder, type TestWorld } from './worldInFolder.ts';

const READS = [
  'git status',
  'git status -s -b --ignored',
  'git diff',
  'git diff --stat',
  'git diff --cached',
  'git diff HEAD~1',
  'git diff HEAD~1 HEAD -- f',
  'git log',
  'git log -p',
  'git log -S two --oneline',
  'git log --graph --all --stat',
  'git show',
  'git show HEAD~1:f',
  'git show --stat HEAD',
  'git blame f',
  'git branch',
  'git branch -a -vv',
  'git tag -l',
  'git remote -v',
  'git rev-parse HEAD',
  'git ls-files -m -o',
  'git ls-tree -r HEAD',
  'git grep two',
  'git describe --always --dirty',
  'git shortlog -sn HEAD',
  'git reflog',
  'git cat-file -p HEAD',
  'git stash list',
  'git stash show -p',
  'git worktree list',
  'git for-each-ref',
  'git diff-index HEAD',
];

function lineOf(text: string): CommandLine {
  const parsed = parseCommandLine(text);
  if (parsed.kind === 'refused') throw new Error(parsed.because);
  return parsed.line;
}

async function ran(test: TestWorld, text: string, folder = ''): Promise<Extract<Done, { kind: 'ran' }>> {
  const effect = { kind: 'command', line: lineOf(text), folder: test.at(folder), timeoutMs: 60_000 } as const;
  const done = await test.done(effect);
  if (done.kind !== 'ran') throw new Error('not run');
  return done;
}

async function armed(
  test: TestWorld,
): Promise<{ readonly payload: string; readonly canaries: () => Promise<number> }> {
  const payload = join(test.outside, 'payload.sh');
  await writeFile(payload, `#!/bin/sh\ntouch '${join(test.outside, 'canary')}'\nexit 0\n`);
  await chmod(payload, 0o755);
  return {
    payload,
    canaries: async () => (await readdir(test.outside)).filter((name) => name === 'canary').length,
  };
}

/** As a terminal of somebody would run it: the repository's configuration holds. */
function plainly(line: string, cwd: string, home: string): Promise<void> {
  const [, ...args] = line.split(' ');
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  return new Promise((resolve) => void execFile('git', args, { cwd, env }, () => resolve()));
}

describe('a hostile repository', () => {
  it.each(VECTORS.map((vector) => [vector.name, vector] as const))(
    'runs nothing by %s',
    { timeout: 120_000 },
    async (_, vector) => {
      const test = await worldInFolder({});
      const { payload, canaries } = await armed(test);
      hostileRepository(test.dir, payload, vector);
      if (vector.refused === true) {
        await expect(ran(test, 'git status')).rejects.toThrow('git was not run');
      } else {
        const { output } = await ran(test, READS.join('; '));
        expect(output.head).not.toMatch(/cannot run|died|not run/);
      }
      expect(await canaries()).toBe(0);
      if (vector.live === undefined) return;
      await plainly(vector.live, test.dir, test.outside);
      expect(await canaries(), 'without the neutral environment it would have run').toBe(1);
    },
  );
});

describe('every line of git that the shipped rule allows', () => {
  it('runs nothing in a repository that tries everything at once', { timeout: 120_000 }, async () => {
    const lines = (specOf('git')?.examples.allowed ?? []).map(([line]) => line);
    expect(lines.length).toBeGreaterThan(30);
    const test = await worldInFolder({ 'src/a.ts': 'one\n', 'a.ts': 'one\n' });
    const { payload, canaries } = await armed(test);
    const together = VECTORS.filter(({ refused, build }) => refused !== true && build === undefined);
    expect(together.length).toBeGreaterThan(15);
    hostileRepository(test.dir, payload, {
      name: 'everything',
      config: together.map(({ config = '' }) => config).join(''),
      attributes: '* filter=own diff=own merge=own',
      hooks: together.flatMap(({ hooks = [] }) => hooks),
    });
    for (let at = 0; at < lines.length; at += 16) await ran(test, lines.slice(at, at + 16).join('; '));
    expect(await canaries()).toBe(0);
    await plainly('git status', test.dir, test.outside);
    expect(await canaries()).toBe(1);
  });
});

describe('a repository elsewhere', () => {
  const quiet = { name: 'quiet' };

  it('is not read through a .git file that it knows nothing of', async () => {
    const test = await worldInFolder({});
    hostileRepository(test.outside, '/bin/false', quiet);
    await writeFile(join(test.dir, '.git'), `gitdir: ${join(test.outside, '.git')}\n`);
    await expect(ran(test, 'git log -p')).rejects.toThrow('do not belong to each other');
  });

  it('is not read through a link named .git', async () => {
    const test = await worldInFolder({});
    hostileRepository(test.outside, '/bin/false', quiet);
    await symlink(join(test.outside, '.git'), join(test.dir, '.git'));
    await expect(ran(test, 'git log -p')).rejects.toThrow('do not belong to each other');
  });

  it('does not lend its folder to a repository of the workspace', async () => {
    const test = await worldInFolder({});
    await writeFile(join(test.outside, 'f'), 'private\n');
    hostileRepository(test.dir, '/bin/false', {
      name: 'a folder elsewhere',
      config: `[core]\n\tworktree = ${test.outside}\n`,
    });
    await expect(ran(test, 'git diff')).rejects.toThrow('do not belong to each other');
  });

  it('is read where this folder is a worktree of it', async () => {
    const test = await worldInFolder({});
    const { git } = hostileRepository(test.outside, '/bin/false', quiet);
    await rm(test.dir, { recursive: true });
    git('worktree', 'add', '-q', '-b', 'side', test.dir);
    const { output } = await ran(test, 'git log --oneline');
    expect(output.head).toMatch(/^[0-9a-f]+ two\n[0-9a-f]+ one\n$/);
  });

  it('is read where it stands around this folder', async () => {
    const test = await worldInFolder({});
    hostileRepository(join(test.dir, '..'), '/bin/false', quiet);
    const { output } = await ran(test, 'git log --oneline');
    expect(output.head).toMatch(/two\n/);
  });
});

describe('git for a person', () => {
  it('commits under their name, by what they set for all repositories or for this one', async () => {
    const home = await temporaryFolder();
    await writeFile(
      join(home, '.gitconfig'),
      '[user]\n\tname = Ada Example\n\temail = ada@example.org\n[core]\n\tfsmonitor = /bin/false\n',
    );
    const test = await worldInFolder({}, { environment: { PATH: process.env['PATH'], HOME: home } });
    const { git } = hostileRepository(test.dir, '/bin/false', { name: 'quiet' });
    await ran(test, "git commit -qam 'by global'");
    git('config', 'user.email', 'here@example.org');
    await ran(test, "git commit -q --allow-empty -m 'by local'");
    expect(git('log', '-2', '--format=%an <%ae>')).toBe(
      'Ada Example <here@example.org>\nAda Example <ada@example.org>\n',
    );
  });

  it.runIf(process.getuid?.() === 0)(
    'looks through a repository of somebody else that they trust',
    async () => {
      const home = await temporaryFolder();
      const test = await worldInFolder({}, { environment: { PATH: process.env['PATH'], HOME: home } });
      await writeFile(join(home, '.gitconfig'), `[safe]\n\tdirectory = ${test.dir}\n`);
      const { payload, canaries } = await armed(test);
      const vector = VECTORS.find(({ name }) => name === 'a clean filter');
      if (vector === undefined) throw new Error('the vector is gone');
      hostileRepository(test.dir, payload, vector);
      for (const one of ['.', '.git']) await chown(join(test.dir, one), 12_345, 12_345);
      const { output } = await ran(test, 'git status -s');
      expect(output.head).toContain(' M f');
      expect(await canaries()).toBe(0);
      await plainly('git status', test.dir, home);
      expect(await canaries()).toBe(1);
    },
  );

  it('is told the same by a line that needs a shell', async () => {
    const test = await worldInFolder({});
    const { payload, canaries } = await armed(test);
    const vector = VECTORS.find(({ name }) => name === 'a clean filter');
    if (vector === undefined) throw new Error('the vector is gone');
    hostileRepository(test.dir, payload, vector);
    const { output } = await ran(test, 'if true; then git status -s; fi');
    expect(output.head).toContain(' M f');
    expect(await canaries()).toBe(0);
  });
});

describe('folders that git is run in', () => {
  it.each([
    ['git status', ['/w']],
    ['git -C a -C b log', ['/w', '/w/a', '/w/a/b']],
    ['timeout 5 git -C /x log', ['/w', '/x']],
    ['env -C sub git status', ['/w', '/w/sub']],
    ['npm test', []],
    ['x=git; $x status', ['/w']],
  ] as const)('%s: %j', (text, folders) => {
    expect(new Set(gitFolders(lineOf(text), '/w'))).toEqual(new Set(folders));
  });

  it('begin with the folder of the step', () => {
    const step = (folder: string, ...argv: [string, ...string[]]) =>
      ({ when: 'always', folder, pipeline: [{ argv, redirects: [] }] }) as const;
    const line: CommandLine = {
      kind: 'plain',
      text: 'cd a; git status; cd /x; git -C b log',
      steps: [step('a', 'git', 'status'), step('/x', 'git', '-C', 'b', 'log')],
    };
    expect(gitFolders(line, '/w')).toEqual(['/w/a', '/x', '/x/b']);
  });
});
