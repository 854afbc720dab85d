import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch, getuid } from 'node:process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { folderState } from '../folderState.ts';
import { attacks } from './attacks.ts';
import {
  lineInSandbox,
  testFolders,
  testUsers,
  whyNoSandbox,
  withoutSandbox,
  type TestFolders,
  type TestLine,
  type TestUser,
} from './lineInSandbox.ts';

// Programs are compiled and started here, on machines that are busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const noSandbox = await whyNoSandbox();
const table = attacks.filter(({ x64 }) => x64 !== true || arch === 'x64');

/** What an attack is aimed at: a server, sockets with and without a path, and a process that holds a secret. */
type Targets = {
  readonly environment: Record<string, string>;
  readonly victim: ChildProcess;
  close(): Promise<void>;
};

async function openTargets(): Promise<Targets> {
  const folder = await mkdtemp(join(tmpdir(), 'warrant-targets-'));
  await chmod(folder, 0o755);
  const servers: Server[] = [];
  const listen = async (where: Parameters<Server['listen']>[0]) => {
    const server = createServer((socket) => socket.on('error', () => undefined).end());
    await new Promise<void>((resolve) => server.listen(where, resolve));
    servers.push(server);
    return server;
  };
  const tcp = await listen({ port: 0, host: '127.0.0.1' });
  const abstract = `warrant-test-${folder}`;
  await listen({ path: join(folder, 'socket') });
  await chmod(join(folder, 'socket'), 0o777);
  await listen({ path: `\0${abstract}` });
  return {
    victim: spawn('sleep', ['100000'], { env: { VICTIM_SECRET: 'x' }, stdio: 'ignore' }),
    environment: {
      PORT: String((tcp.address() as AddressInfo).port),
      SOCKET: join(folder, 'socket'),
      ABSTRACT: abstract,
    },
    async close() {
      for (const server of servers) await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

/** Everything but what lines may write and what the sandbox itself needs. */
async function stateBeside({ folders }: TestLine): Promise<Record<string, string>> {
  const state = await folderState(folders.base, { times: false });
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !/^(storage|home\/project\/src)\//.test(name)),
  );
}

async function addSetuidProgram({ workspace }: TestFolders): Promise<void> {
  const program = join(workspace, 'src/suid');
  await copyFile('/usr/bin/perl', program);
  if (getuid?.() === 0) await chown(program, 0, 0);
  await chmod(program, 0o4755);
}

describe.skipIf(noSandbox !== undefined).each(testUsers)('as %s, a program inside', (user: TestUser) => {
  let line: TestLine;
  let targets: Targets;
  let environment: Record<string, string>;
  let before: Record<string, string>;
  beforeAll(async () => {
    line = await lineInSandbox(user);
    await addSetuidProgram(line.folders);
    targets = await openTargets();
    environment = { ...targets.environment, VICTIM: String(targets.victim.pid) };
    before = await stateBeside(line);
  });
  afterAll(async () => {
    targets.victim.kill('SIGKILL');
    await targets.close();
    await line.remove();
  });

  it.for(table)('$name: held', async ({ script }) => {
    const { output } = await line.inside(script, environment);
    expect(output).not.toContain('ESCAPED');
    expect(output).not.toMatch(/KEY|LEDGER|bwrap:/);
    expect(await stateBeside(line)).toEqual(before);
    expect(targets.victim.exitCode ?? targets.victim.signalCode).toBeNull();
  });

  it('leaves no process behind, not even one in a session of its own', async () => {
    const { output } = await line.inside('setsid sleep 98765 & (sleep 98765 &) ; echo $!; exit 3');
    // The pipes are closed: whoever held them is gone.
    expect(output.trim()).toMatch(/^\d+$/);
    const left: string[] = [];
    for (const pid of await readdir('/proc')) {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (words.includes('98765')) left.push(words);
    }
    expect(left).toEqual([]);
  });
});

const whoIs = (user: TestUser) => (user === 'myself' && getuid?.() === 0 ? ['anybody', 'root'] : ['anybody']);

describe.skipIf(noSandbox !== undefined).each(testUsers)('as %s, without a sandbox', (user: TestUser) => {
  const real = table.filter(({ bare }) => bare !== undefined && whoIs(user).includes(bare));
  let made: TestFolders;
  beforeAll(async () => {
    made = await testFolders();
    await mkdir(made.storage);
  });
  afterAll(() => rm(made.base, { recursive: true }));

  it.for(real)('$name: gets through', async ({ script }) => {
    const targets = await openTargets();
    try {
      await withoutSandbox(user, made, async (folders, bare) => {
        await addSetuidProgram(folders);
        const victim = user === 'myself' ? String(targets.victim.pid) : '$$';
        const { output } = await bare(
          script.replace('"$VICTIM"', () => victim),
          targets.environment,
        );
        await bare('umount src 2>/dev/null; umount src/c 2>/dev/null; true');
        expect(output).toContain('ESCAPED');
      });
    } finally {
      targets.victim.kill('SIGKILL');
      await targets.close();
    }
  });
});
