import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { LineUse, NamedCode } from '../protocol/commandUse.ts';
import { digestOfJson } from '../protocol/digest.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import type { Facts } from '../protocol/facts.ts';
import type { Grant, GrantCover } from '../protocol/grant.ts';
import type { CommandLine } from '../protocol/command.ts';
import { interpreterWithCode } from './command/interpreters.ts';
import { programName } from './command/programName.ts';
import { startLocation } from './command/target.ts';
import { SHELLS } from './command/unwrap.ts';
import { walkLine, type Site } from './command/walk.ts';

/**
 * What an approval that lasts would be for; a clause where there can be none. Only what is understood word for word,
 * by programs and code that are known to the byte, can be allowed beforehand.
 */
export function grantCover(
  effect: CommandEffect,
  facts: Facts,
  use: LineUse,
):
  | { readonly kind: 'cover'; readonly cover: GrantCover }
  | { readonly kind: 'none'; readonly because: string } {
  const never = neverBeforehand(effect.line);
  if (never !== undefined) return { kind: 'none', because: never };
  const missing = facts.executables.find(({ kind }) => kind === 'missing');
  if (missing !== undefined) return { kind: 'none', because: `${missing.name} was not found` };
  const unread = unreadCode(use, facts);
  if (unread !== undefined)
    return { kind: 'none', because: `a change of ${codeName(unread)} would go unseen` };
  return {
    kind: 'cover',
    cover: {
      line: lineDigest(effect),
      text: effect.line.text,
      folder: effect.folder,
      timeoutMs: effect.timeoutMs,
      programs: facts.executables.flatMap((one) =>
        one.kind === 'found' ? [{ name: one.name, path: one.real, digest: one.digest }] : [],
      ),
      code: (facts.code ?? []).flatMap(({ code, digest }) =>
        digest === null ? [] : [{ name: codeName(code), digest }],
      ),
      sandbox:
        facts.sandbox === undefined ? 'unknown' : facts.sandbox.kind === 'none' ? 'none' : facts.sandbox.by,
    },
  };
}

/** Code that the line names and whose content nobody knows, or of which nobody knows where it is. */
function unreadCode({ commands }: LineUse, { code: known = [] }: Facts): NamedCode | undefined {
  const named = [...commands.flatMap(({ code }) => code), ...known.map(({ code }) => code)];
  return named.find((code) => {
    const found = known.filter((one) => canonicalJson(one.code) === canonicalJson(code));
    return code.kind === 'workspace' || found.length === 0 || found.some(({ digest }) => digest === null);
  });
}

/** Why a line may not be allowed beforehand, by a rule or a grant, in a clause; nothing where it may. */
export function neverBeforehand(line: CommandLine): string | undefined {
  if (line.kind === 'shell') return `only a shell can run it, because of ${line.because}`;
  const code = interpreterWithCode(line);
  if (code !== undefined) return code;
  const shell = shellIn(line);
  return shell === undefined ? undefined : `${shell} runs whatever it is given`;
}

const OTHER_SHELLS = new Set(['pwsh', 'powershell', 'cmd', 'busybox', 'nu', 'elvish', 'xonsh']);

function shellIn(line: CommandLine): string | undefined {
  let found: string | undefined;
  const visit = (site: Site): void => {
    if (site.kind !== 'run') return;
    const name = programName(site.argv[0] ?? '');
    if (SHELLS.has(name) || OTHER_SHELLS.has(name)) found ??= name;
  };
  walkLine(line.text, startLocation('', { roots: [], ownFolders: [] }), visit);
  return found;
}

export type GrantMatch =
  | { readonly kind: 'covers'; readonly grant: Grant }
  /** The same line was granted, but something behind it is not what it was; a clause. */
  | { readonly kind: 'changed'; readonly because: string };

/** The grant that covers a command as things stand, or what changed since one was given. */
export function grantFor(
  grants: readonly Grant[],
  effect: CommandEffect,
  facts: Facts,
  use: LineUse,
): GrantMatch | undefined {
  const line = lineDigest(effect);
  const same = grants.filter((grant) => grant.line === line);
  if (same.length === 0) return undefined;
  const now = grantCover(effect, facts, use);
  if (now.kind === 'none') return { kind: 'changed', because: now.because };
  const changes = same.map((grant) => ({ grant, because: whatDiffers(grant, now.cover) }));
  const covering = changes.find(({ because }) => because === undefined);
  if (covering !== undefined) return { kind: 'covers', grant: covering.grant };
  return { kind: 'changed', because: changes[0]?.because ?? '' };
}

function whatDiffers(grant: Grant, now: GrantCover): string | undefined {
  const code = changedName(grant.code, now.code);
  if (code !== undefined) return `${code} changed since`;
  const program = changedName(
    grant.programs.map(({ name, path, digest }) => ({ name, digest: `${path} ${digest}` })),
    now.programs.map(({ name, path, digest }) => ({ name, digest: `${path} ${digest}` })),
  );
  if (program !== undefined) return `the program ${program} changed since`;
  if (grant.sandbox !== now.sandbox) return 'it would be confined otherwise than it was then';
  if (now.timeoutMs > grant.timeoutMs) return 'it may take longer than it might then';
  return undefined;
}

type Named = { readonly name: string; readonly digest: string };

/** The first name that is not the same on both sides. */
function changedName(then: readonly Named[], now: readonly Named[]): string | undefined {
  const differs = (one: Named, others: readonly Named[]) =>
    !others.some(({ name, digest }) => name === one.name && digest === one.digest);
  return (now.find((one) => differs(one, then)) ?? then.find((one) => differs(one, now)))?.name;
}

function lineDigest({ line, folder, background, confined }: CommandEffect): string {
  const steps = line.kind === 'plain' ? line.steps : line.text;
  return digestOfJson({ steps, folder, background: background === true, confined: confined ?? null });
}

function codeName(code: NamedCode): string {
  switch (code.kind) {
    case 'file':
      return code.path;
    case 'entry':
      return `${code.entry} of ${code.path}`;
    case 'workspace':
      return 'code of the workspace';
  }
}
