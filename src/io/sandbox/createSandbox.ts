import { arch as hostArch, platform as hostPlatform } from 'node:process';
import type { SandboxProbe, SandboxProfile, SandboxRequest } from '../../protocol/sandbox.ts';
import { isInside } from '../files/locate.ts';
import { foldersBetween, protectedEntries, type ProtectedEntries } from '../files/protectedEntries.ts';
import { openSandboxFolder, type SandboxFolder } from '../files/sandboxFolder.ts';
import {
  existing,
  hiddenPaths,
  presentOf,
  resolverFiles,
  systemFolders,
  type SystemFolders,
} from '../files/systemFolders.ts';
import { troubleInWords } from '../files/trouble.ts';
import type { ProcessEnd, ProcessPlan } from '../processes.ts';
import { explainEnd } from './explainEnd.ts';
import { findTool, inTool, probeOf, type SandboxTool } from './findTool.ts';

export type SandboxOptions = {
  /** The person's home, by real path. */
  readonly home: string;
  /** A folder of the product's own outside every workspace; made if it is not there. */
  readonly storage: string;
  /** Gives names that are used once. */
  readonly id: () => string;
};

/** What is ready for the programs of one command line, or a sentence that says why they must not be started. */
export type PreparedSandbox =
  | {
      readonly kind: 'ready';
      readonly profile: SandboxProfile;
      /** Sentences for the card: what this line is not kept from. */
      readonly gaps: readonly string[];
      /** To be called when every program of the line has ended. Says which protected names appeared meanwhile. */
      close(): Promise<readonly string[]>;
    }
  | { readonly kind: 'refused'; readonly because: string };

/**
 * How a line is run in it: `prepare` once, each program of the line started from `wrap(plan, profile)` instead of its
 * plan, `close` when all have ended, however they ended. What `wrap` returns leads a process group of its own; ending
 * its leader ends everything inside, at once and without grace. A program that a signal ended is seen as an exit with
 * 128 and the signal's number, as in a shell.
 */
export type Sandbox = {
  readonly probe: SandboxProbe;
  prepare(request: SandboxRequest): Promise<PreparedSandbox>;
  /** Pure. Asking for it where `probe` found nothing is a bug. */
  wrap(plan: ProcessPlan, profile: SandboxProfile): ProcessPlan;
  explain(end: ProcessEnd, output: string, profile: SandboxProfile): string | undefined;
};

/** Tries out what this machine has; once for a process is enough. Never rejects because of the machine. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  if (hostPlatform !== 'linux' && hostPlatform !== 'darwin')
    return noSandbox(
      'Warrant has no sandbox for this operating system; each command is asked and runs without one.',
    );
  try {
    const folder = await openSandboxFolder(options.storage);
    const system = hostPlatform === 'linux' ? await systemFolders() : { readable: [], links: [], hidden: [] };
    const found = await findTool({ folder, system, id: options.id, home: options.home, arch: hostArch });
    if (found.kind === 'none') return noSandbox(found.because);
    return sandboxWith(found.tool, folder, system, options);
  } catch (error) {
    return noSandbox(
      `The folder the sandbox needs (${options.storage}) cannot be used: ${troubleInWords(error)}; commands run without a sandbox.`,
    );
  }
}

function noSandbox(because: string): Sandbox {
  return {
    probe: { kind: 'none', because },
    prepare: () => Promise.resolve({ kind: 'refused', because }),
    wrap() {
      throw new Error('A program was to be started in a sandbox that does not exist.');
    },
    explain: () => undefined,
  };
}

function sandboxWith(
  tool: SandboxTool,
  folder: SandboxFolder,
  system: SystemFolders,
  { home, storage, id }: SandboxOptions,
): Sandbox {
  const running = new Set<SandboxProfile>();
  // Between looking at a workspace and noting what was seen, no other line may take a stand-in away.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    probe: probeOf(tool),

    prepare: (request) => inTurn(() => prepare(request)),
    wrap: (plan, profile) => inTool(plan, profile, tool),
    explain: explainEnd,
  };

  async function prepare(request: SandboxRequest): Promise<PreparedSandbox> {
    const own = [...request.hidden, storage];
    const hidden = await hiddenPaths(own);
    const inOwn = request.writable.find((root) => hidden.some(({ path }) => isInside(root, path)));
    if (inOwn !== undefined)
      return {
        kind: 'refused',
        because: `${inOwn} lies in a folder of Warrant’s own, which commands never see.`,
      };
    const tooWide = request.writable.find((root) => isInside(home, root));
    if (tooWide !== undefined)
      return {
        kind: 'refused',
        because: `${tooWide} holds the home folder, so there is nothing a sandbox could hide.`,
      };
    const entries = await Promise.all(request.writable.map(protectedEntries));
    const refusal = entries.find((one) => one.refusal !== undefined)?.refusal;
    if (refusal !== undefined) return { kind: 'refused', because: refusal };
    try {
      return await ready(request, entries, hidden);
    } catch (error) {
      return { kind: 'refused', because: `The sandbox could not be prepared: ${troubleInWords(error)}.` };
    }
  }

  async function ready(
    { writable, readable, network }: SandboxRequest,
    entries: readonly ProtectedEntries[],
    own: SandboxProfile['hidden'],
  ): Promise<PreparedSandbox> {
    const absent = entries.flatMap((one) => one.absent);
    // Seatbelt judges names, so what does not exist needs nothing in its place there.
    const line = await folder.openLine(
      id(),
      tool.kind === 'seatbelt' ? [] : absent,
      entries.flatMap((one) => one.readOnly),
    );
    const shown = [...system.readable, ...(await existing([...readable, ...(await resolverFiles(network))]))];
    const inSight = own.filter(({ path }) => [...shown, ...writable].some((one) => isInside(path, one)));
    // Whatever is mounted over a path in a writable folder has to be found at that path by the line's next program too.
    const mounted = [...inSight.map(({ path }) => path), ...shown, ...writable];
    const onTheWay = writable.flatMap((root) => mounted.flatMap((path) => foldersBetween(root, path)));
    const profile: SandboxProfile = {
      home,
      writable,
      readable: shown,
      links: system.links,
      readOnly: [...entries.flatMap((one) => one.readOnly), ...absent.map(({ path }) => path)],
      pinned: [...new Set([...entries.flatMap((one) => one.pinned), ...onTheWay])],
      // What lies in no folder that is shown does not exist inside; covering it would only tell its name.
      hidden: [...system.hidden, ...inSight],
      temporary: line.temporary,
      network,
    };
    const movable = movablePath(profile, running);
    if (movable !== undefined) {
      await line.close();
      return {
        kind: 'refused',
        because: `A command that still runs could replace ${movable} while this one starts; it can run when that one has ended.`,
      };
    }
    running.add(profile);
    return {
      kind: 'ready',
      profile,
      gaps: entries.flatMap((one) => one.gaps),
      async close() {
        running.delete(profile);
        await inTurn(line.close);
        return presentOf(entries.flatMap((one) => one.noticed));
      },
    };
  }
}

/**
 * A path that is to be mounted and that a running line could put a link in the place of: it lies in what that line may
 * write, and that line does not keep it where it is. Mounting would follow the link to anywhere.
 */
function movablePath(profile: SandboxProfile, running: ReadonlySet<SandboxProfile>): string | undefined {
  const paths = [
    ...profile.writable,
    ...profile.pinned,
    ...profile.readOnly,
    ...profile.hidden.map(({ path }) => path),
  ];
  for (const other of running) {
    const fixed = new Set([
      ...other.writable,
      ...other.pinned,
      ...other.readOnly,
      ...other.hidden.map(({ path }) => path),
    ]);
    const movable = paths.find(
      (path) =>
        !fixed.has(path) &&
        other.writable.some((root) => isInside(path, root)) &&
        !other.readOnly.some((kept) => isInside(path, kept)),
    );
    if (movable !== undefined) return movable;
  }
  return undefined;
}
