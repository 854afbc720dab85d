import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, getuid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSandbox } from '../../../../src/io/sandbox/createSandbox.ts';
import { signalProcess, startProcess } from '../../../../src/io/processes.ts';
import { folderState } from '../folderState.ts';
import {
  ids,
  lineInSandbox,
  run,
  testFolders,
  whyNoSandbox,
  type TestFolders,
  type TestLine,
} from './lineInSandbox.ts';

// Programs are compiled and started here, on machines that are busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const noSandbox = await whyNoSandbox();

const lines: TestLine[] = [];
afterEach(async () => {
  for (const line of lines.splice(0)) await line.remove();
});
async function open(...given: Parameters<typeof lineInSandbox>): Promise<TestLine> {
  const line = await lineInSandbox(...given);
  lines.push(line);
  return line;
}

const workspaceState = ({ workspace }: TestFolders) => folderState(workspace, { times: true });

describe.skipIf(noSandbox !== undefined)('a line in the sandbox', () => {
  it('leaves nothing in the workspace that it did not write itself', async () => {
    const folders = await testFolders();
    const before = await workspaceState(folders);
    const line = await open('myself', {}, folders);
    await line.inside('cat src/a.txt; ls -A');
    await line.close();
    expect(await workspaceState(folders)).toEqual(before);
    expect((await readdir(folders.storage)).sort()).toEqual(['filter-all.bpf', 'filter-off.bpf', 'secret']);
  });

  it('does not disturb git outside while it runs', async () => {
    const line = await open('myself');
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-C', line.folders.workspace, ...args], { encoding: 'utf8' });
    expect(git('status', '--short', '-uno')).toBe('');
    expect(git('rev-parse', '--git-common-dir').trim()).toMatch(/\.git\/?\.?$/);
    expect(git('log', '--oneline')).toMatch(/first/);
  });

  it('keeps the stand-ins as long as another line needs them', async () => {
    const folders = await testFolders();
    const sandbox = await createSandbox({ home: folders.home, storage: folders.storage, id: ids() });
    const request = { writable: [folders.workspace], readable: [], hidden: [], network: 'off' } as const;
    const first = await sandbox.prepare(request);
    const second = await sandbox.prepare(request);
    if (first.kind === 'refused' || second.kind === 'refused') throw new Error('not prepared');
    await first.close();
    await first.close();
    expect(await readdir(folders.workspace)).toContain('.vscode');
    expect(second.profile.readOnly).toContain(join(folders.workspace, '.vscode'));
    await second.close();
    expect(await readdir(folders.workspace)).not.toContain('.vscode');
    await rm(folders.base, { recursive: true });
  });

  it('takes away what a killed process left, and only what is still empty', async () => {
    const folders = await testFolders();
    const { workspace, storage, home } = folders;
    const left = join(storage, '4194304-1-7');
    await mkdir(join(left, 'tmp'), { recursive: true });
    for (const name of ['.vscode', '.idea']) await mkdir(join(workspace, name));
    await writeFile(join(workspace, '.idea/theirs.xml'), '');
    const absent = ['.vscode', '.idea'].map((name) => ({ path: join(workspace, name), content: null }));
    await writeFile(join(left, 'standIns.json'), JSON.stringify(absent));
    await createSandbox({ home, storage, id: ids() });
    const names = await readdir(workspace);
    expect(names).not.toContain('.vscode');
    expect(names).toContain('.idea');
    expect(await readdir(storage)).not.toContain('4194304-1-7');
    await rm(folders.base, { recursive: true });
  });

  it('does not remove a stand-in that somebody put something into meanwhile', async () => {
    const line = await open('myself');
    const settings = join(line.folders.workspace, '.vscode/settings.json');
    await writeFile(settings, '{}');
    await line.close();
    expect(await readFile(settings, 'utf8')).toBe('{}');
  });

  it('says which names appeared that other programs obey', async () => {
    const line = await open('myself');
    await line.inside('echo x > .envrc; echo x > src/b.txt');
    expect(await line.close()).toEqual([join(line.folders.workspace, '.envrc')]);
  });

  it('has a /tmp that its steps share, that the machine and other lines do not see, and that goes with it', async () => {
    const line = await open('myself');
    await line.inside('echo step > /tmp/warrant-shared; mkdir -p /tmp/closed/in; chmod 000 /tmp/closed');
    expect((await line.inside('cat /tmp/warrant-shared /var/tmp/warrant-shared')).output).toBe(
      'step\nstep\n',
    );
    expect(await readdir('/tmp')).not.toContain('warrant-shared');
    const other = await open('myself', {}, line.folders);
    expect((await other.inside('ls /tmp')).output).not.toContain('warrant-shared');
    await line.close();
    expect((await readdir(line.folders.storage)).filter((name) => /^\d/.test(name))).toHaveLength(1);
  });

  it('finds a first repository kept from being made, too', async () => {
    const folders = await testFolders();
    await rm(join(folders.workspace, '.git'), { recursive: true });
    const line = await open('myself', {}, folders);
    const { output } = await line.inside('git init -q . || echo refused; echo x > .git/config; ls -A .git');
    expect(output).toMatch(/refused/);
    await line.close();
    expect(await readdir(folders.workspace)).not.toContain('.git');
  });

  it('protects a repository below, and what it names as a file', async () => {
    const folders = await testFolders();
    const below = join(folders.workspace, 'packages/lib');
    execFileSync('git', ['init', '-q', below]);
    await mkdir(join(folders.workspace, 'module'));
    await writeFile(join(folders.workspace, 'module/.git'), 'gitdir: ../.git/modules/module\n');
    const line = await open('myself', {}, folders);
    const { output } = await line.inside(
      [
        'echo x > packages/lib/.git/hooks/post-checkout && echo ESCAPED',
        'echo x >> packages/lib/.git/config && echo ESCAPED',
        'mv packages/lib packages/l && echo ESCAPED',
        'echo x > module/.git && echo ESCAPED',
        'mv module m && echo ESCAPED',
        'echo x > packages/lib/file && echo written',
      ].join('\n'),
    );
    expect(output).not.toContain('ESCAPED');
    expect(output).toContain('written');
  });
});

describe.skipIf(noSandbox !== undefined)('preparing refuses', () => {
  it.each<[string, (folders: TestFolders) => Promise<unknown>, RegExp]>([
    [
      'editor settings that are a link',
      ({ workspace }) => symlink('src', join(workspace, '.vscode')),
      /\.vscode is a link/,
    ],
    [
      'hooks that are a link',
      async ({ workspace }) => {
        await rm(join(workspace, '.git/hooks'), { recursive: true });
        await symlink('../src', join(workspace, '.git/hooks'));
      },
      /hooks is a link/,
    ],
    [
      'a repository that is a link',
      async ({ workspace }) => {
        await rm(join(workspace, '.git'), { recursive: true });
        await symlink('src', join(workspace, '.git'));
      },
      /\.git is a link/,
    ],
    [
      'a configuration with a second name',
      ({ workspace }) => link(join(workspace, '.git/config'), join(workspace, 'src/other')),
      /one of several names/,
    ],
  ])('%s', async (_, change, because) => {
    const folders = await testFolders();
    await change(folders);
    const sandbox = await createSandbox({ home: folders.home, storage: folders.storage, id: ids() });
    const request = { writable: [folders.workspace], readable: [], hidden: [], network: 'off' } as const;
    expect(await sandbox.prepare(request)).toMatchObject({
      kind: 'refused',
      because: expect.stringMatching(because) as string,
    });
    await rm(folders.base, { recursive: true });
  });

  it.each<[string, (folders: TestFolders) => string, RegExp]>([
    ['a workspace in a folder of the product’s own', ({ storage }) => storage, /Warrant’s own/],
    ['a workspace that is the home', ({ home }) => home, /holds the home/],
    ['a workspace that is the whole disk', () => '/', /holds the home/],
  ])('%s', async (_, rootOf, because) => {
    const folders = await testFolders();
    const sandbox = await createSandbox({ home: folders.home, storage: folders.storage, id: ids() });
    const request = { writable: [rootOf(folders)], readable: [], hidden: [], network: 'off' } as const;
    expect(await sandbox.prepare(request)).toMatchObject({
      kind: 'refused',
      because: expect.stringMatching(because) as string,
    });
    await rm(folders.base, { recursive: true });
  });

  it('not instructions that are a link, but says so and protects what it leads to', async () => {
    const folders = await testFolders();
    await symlink('AGENTS.md', join(folders.workspace, 'CLAUDE.md'));
    const line = await open('myself', {}, folders);
    expect(line.gaps.join()).toMatch(/CLAUDE\.md is a link/);
    expect((await line.inside('echo x >> CLAUDE.md || echo held')).output).toMatch(/held/);
  });
});

describe.skipIf(noSandbox !== undefined)(
  'what a program mounts follows no link that an earlier one made',
  () => {
    it('on the way to the product’s own folder, or to a second workspace folder', async () => {
      const folders = await testFolders();
      const own = join(folders.workspace, 'deep/er/kept');
      const second = join(folders.workspace, 'way/to/second');
      for (const folder of [own, second]) await mkdir(folder, { recursive: true });
      await writeFile(join(own, 'ledger'), 'LEDGER');
      const line = await open('myself', { hidden: [own], writable: [folders.workspace, second] }, folders);
      const first = await line.inside(
        'mv deep d && echo ESCAPED; mv deep/er deep/e && echo ESCAPED; mv way/to way/t && echo ESCAPED; mv way w && echo ESCAPED; ln -sfn "$THEIR_HOME" way/to',
      );
      const then = await line.inside(
        'cat deep/er/kept/ledger d/er/kept/ledger; cat way/to/.ssh/id_test; echo x > way/to/second/x',
      );
      expect(first.output + then.output).not.toMatch(/ESCAPED|LEDGER|KEY/);
      expect(await readFile(join(second, 'x'), 'utf8')).toBe('x\n');
    });

    it('when a line is still running that could have made it', async () => {
      const folders = await testFolders();
      await mkdir(join(folders.workspace, 'inner'));
      const sandbox = await createSandbox({ home: folders.home, storage: folders.storage, id: ids() });
      const request = { readable: [], hidden: [], network: 'off' } as const;
      const first = await sandbox.prepare({ ...request, writable: [folders.workspace] });
      if (first.kind === 'refused') throw new Error(first.because);
      const same = await sandbox.prepare({ ...request, writable: [folders.workspace] });
      expect(same.kind).toBe('ready');
      const inner = { ...request, writable: [join(folders.workspace, 'inner')] };
      expect(await sandbox.prepare(inner)).toMatchObject({
        kind: 'refused',
        because: expect.stringMatching(/inner/) as string,
      });
      await mkdir(join(folders.workspace, 'made/.vscode'), { recursive: true });
      expect((await sandbox.prepare({ ...request, writable: [folders.workspace] })).kind).toBe('refused');
      await first.close();
      if (same.kind === 'ready') await same.close();
      const after = await sandbox.prepare(inner);
      expect(after.kind).toBe('ready');
      if (after.kind === 'ready') await after.close();
      await rm(folders.base, { recursive: true });
    });

    it('in a folder that is itself the inside of a repository', async () => {
      const folders = await testFolders();
      const bare = join(folders.base, 'bare');
      execFileSync('git', ['clone', '-q', '--bare', folders.workspace, bare]);
      const line = await open('myself', { writable: [folders.workspace, bare] }, folders);
      const { output } = await line.inside(
        'cd "$BARE" && { echo x > hooks/update; echo x >> config; echo x > commondir; ls -A hooks | wc -l; }',
        { BARE: bare },
      );
      expect(output.match(/Read-only file system/g)).toHaveLength(3);
    });
  },
);

describe.skipIf(noSandbox !== undefined)('a program in the sandbox', () => {
  const plan = (workspace: string, argv: readonly [string, ...string[]], file: string) => ({
    file,
    argv,
    cwd: workspace,
    environment: { PATH: '/usr/bin:/bin' },
    streams: ['ignore', 'pipe', 'pipe'] as const,
  });

  it('is told the name it was called by', async () => {
    const { sandbox, profile, folders } = await open('myself');
    const named = plan(
      folders.workspace,
      ['its-name', '-c', 'tr "\\0" "|" < /proc/$$/cmdline', 'a b'],
      '/bin/bash',
    );
    expect((await run(sandbox.wrap(named, profile))).output).toMatch(/^its-name\|-c\|.*\|a b\|$/);
  });

  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['kill -TERM $$', 143],
    ['/bin/none', 127],
  ])('ends as in a shell: %s is %i', async (script, code) => {
    expect((await (await open('myself')).inside(script)).end).toEqual({ kind: 'exit', code });
  });

  it('ends with everything it started when what was started outside is ended', async () => {
    const { sandbox, profile, folders } = await open('myself');
    const argv = ['sh', '-c', 'setsid sleep 97531 & echo started; sleep 97531'] as const;
    const started = startProcess(sandbox.wrap(plan(folders.workspace, argv, '/bin/sh'), profile));
    await once(started.stdout!, 'data');
    const closed = once(started.stdout!, 'close');
    signalProcess(started.pid!, 'SIGTERM');
    await closed;
    expect(await started.ended).toMatchObject({ kind: 'signal' });
  });

  it('reaches this machine’s network when all of it was granted, and still no unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warrant-net-'));
    const tcp = createServer((socket) => socket.end('pong\n')).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const abstract = createServer().listen(`\0${folder}`);
    await once(abstract, 'listening');
    const line = await open('myself', { network: 'all' });
    const { output } = await line.inside(
      `cat < /dev/tcp/127.0.0.1/$PORT; perl -e 'use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die "no unix sockets"; connect($s, pack("S", AF_UNIX) . "\\0" . $ENV{NAME}) and print "ESCAPED"'`,
      { PORT: String((tcp.address() as AddressInfo).port), NAME: folder },
    );
    tcp.close();
    abstract.close();
    await rm(folder, { recursive: true });
    expect(output).toMatch(/pong\nno unix sockets/);
  });

  it('is kept the same way when the editor runs as an ordinary user', async ({ skip }) => {
    if (getuid?.() !== 0) skip('only root can become another user, and this is one already');
    const base = await mkdtemp(join(tmpdir(), 'warrant-nobody-'));
    await chmod(base, 0o755);
    await chown(base, 65_534, 65_534);
    const script = fileURLToPath(new URL('./asNobody.ts', import.meta.url));
    const { output } = await run({
      ...plan(
        base,
        ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--', execPath, script, base],
        '/usr/bin/setpriv',
      ),
    });
    const names = await readdir(join(base, 'home/project'));
    await rm(base, { recursive: true });
    if (/EACCES|Permission denied/.test(output)) skip(`the repository cannot be read by others: ${output}`);
    expect(JSON.parse(output)).toMatchObject({
      probe: { kind: 'available' },
      output: '65534\n',
      appeared: [],
    });
    expect(names).toEqual(['made']);
  });
});
