import type { PathFacts } from '../protocol/facts.ts';
import type { Settings } from '../protocol/settings.ts';
import { relativePath, rootName } from '../protocol/workspacePath.ts';
import type { WorkspacePath } from '../protocol/workspacePath.ts';
import { allowGlobs, denyGlobs, GlobUnreadable, type AllowGlobs, type DenyGlobs } from './globs.ts';
import { allow, ask, deny, type Judge } from './opinion.ts';
import { ownFolderLookup } from './ownFolders.ts';
import { protectionLookup, type Protection } from './protectedPaths.ts';
import { foldPath } from './foldPath.ts';
import { secretNameLookup } from './secretNames.ts';

/** What is to be done with one path. `enter` is listing or searching a folder, or running something in it. */
export type PathUse = 'read' | 'enter' | 'write';
export type PathCase = { readonly facts: PathFacts; readonly use: PathUse };

/** The lists of the settings, compiled once; `problems` are sentences about globs that could not be read. */
export type PathRules = {
  readonly read: AllowGlobs;
  readonly write: AllowGlobs;
  readonly edits: AllowGlobs;
  readonly denied: (relative: string) => string | undefined;
  readonly ownFolder: (absolute: string) => string | undefined;
  readonly protection: (relative: string) => Protection | undefined;
  readonly secretName: (relative: string) => boolean;
  readonly maxBytes: number;
  readonly problems: readonly string[];
};

export function compilePathRules(settings: Settings, ownFolders: readonly string[]): PathRules {
  const read = allowGlobs(settings['paths.read']);
  const write = allowGlobs(settings['paths.write']);
  const edits = allowGlobs(settings['edits.allow']);
  const { denied, problem } = compileDenied(settings['paths.deny']);
  return {
    read,
    write,
    edits,
    denied,
    ownFolder: ownFolderLookup(ownFolders),
    protection: protectionLookup(),
    secretName: secretNameLookup(),
    maxBytes: settings['files.maxBytes'],
    problems: [
      ...read.problems.map((text) => `paths.read: ${text}; it allows nothing`),
      ...write.problems.map((text) => `paths.write: ${text}; it allows nothing`),
      ...edits.problems.map((text) => `edits.allow: ${text}; it allows nothing`),
      ...(problem === undefined ? [] : [problem]),
    ],
  };
}

/** A list of refusals that cannot be read refuses everything, and says so with every refusal. */
function compileDenied(patterns: readonly string[]): {
  denied: (relative: string) => string | undefined;
  problem?: string;
} {
  try {
    const globs: DenyGlobs = denyGlobs(patterns);
    return {
      denied: (relative) => {
        const pattern = globs.covering(relative);
        return pattern === undefined ? undefined : `matches the paths.deny glob ${pattern}`;
      },
    };
  } catch (error) {
    if (!(error instanceof GlobUnreadable)) throw error;
    const problem = `paths.deny: ${error.message}; until it is mended every path is refused`;
    return { denied: () => `is refused because paths.deny cannot be read: ${error.message}`, problem };
  }
}

/** One judge a rule; each looks at one path and one use of it. Among equals the first speaks, so reasons stand first. */
export function pathJudges(rules: PathRules): readonly Judge<PathCase>[] {
  return [
    { name: 'paths.shape', judge: ({ facts }) => judgeShape(facts.path) ?? shapeOfReal(facts) },
    { name: 'paths.outside', judge: ({ facts }) => judgeOutside(facts) },
    { name: 'paths.own', judge: ({ facts }) => judgeOwn(rules, facts) },
    { name: 'paths.deny', judge: ({ facts }) => judgeDenied(rules, facts) },
    { name: 'paths.kind', judge: judgeKind },
    { name: 'files.maxBytes', judge: (subject) => judgeSize(rules, subject) },
    { name: 'paths.protected', judge: (subject) => judgeProtected(rules, subject) },
    { name: 'paths.repository', judge: judgeRepository },
    {
      name: 'paths.hard-link',
      judge: (subject) => judgeHiddenNames(rules, subject) ?? judgeHardLink(subject),
    },
    { name: 'paths.short-name', judge: ({ facts }) => judgeShortName(facts) },
    { name: 'paths.ignored-secret', judge: (subject) => judgeIgnoredSecret(rules, subject) },
    { name: 'paths.globs', judge: (subject) => judgeGlobs(rules, subject) },
  ];
}

/** The literal path, without the disk: for filtering listings and hits. */
export function deniedLiterally(rules: PathRules, path: WorkspacePath): boolean {
  return judgeShape(path) !== undefined || rules.denied(relativePath(path)) !== undefined;
}

function shown(path: WorkspacePath): string {
  return relativePath(path) === '' ? 'the workspace folder' : relativePath(path);
}

/** The file as written and, where links lead elsewhere, the file meant. */
function spellings(facts: PathFacts): readonly { readonly relative: string; readonly name: string }[] {
  const literal = { relative: relativePath(facts.path), name: shown(facts.path) };
  if (facts.real === null || facts.real === facts.path) return [literal];
  const name = `${shown(facts.path)} (which really is ${shown(facts.real)})`;
  return [literal, { relative: relativePath(facts.real), name }];
}

/** Parsing makes such paths impossible; this holds even for one that was not made by parsing. */
function judgeShape(path: WorkspacePath) {
  const relative = relativePath(path);
  const bad =
    !path.includes(':') ||
    rootName(path) === '' ||
    /[\u0000-\u001f\u007f-\u009f\\]|^\/|\/$|\/\/|:/u.test(relative) ||
    relative.split('/').some((name) => name === '.' || name === '..' || /[. ]$/.test(name));
  if (!bad) return undefined;
  return deny('paths.shape', 'the path is not written as a plain path inside a workspace folder');
}

/** Real names come from the disk and may be odd; but they may not climb. */
function shapeOfReal({ real }: PathFacts) {
  if (real === null || !relativePath(real).split('/').includes('..')) return undefined;
  return deny('paths.shape', 'the real path is not inside a workspace folder');
}

function judgeOutside(facts: PathFacts) {
  if (facts.real !== null) return undefined;
  return deny(
    'paths.outside',
    `a link in ${shown(facts.path)} leads outside the workspace, to ${facts.realAbsolute}`,
  );
}

function judgeOwn(rules: PathRules, facts: PathFacts) {
  if (rules.ownFolder(facts.realAbsolute) === undefined) return undefined;
  return deny('paths.own', `${shown(facts.path)} belongs to Warrant itself, which the agent may not touch`);
}

function judgeDenied(rules: PathRules, facts: PathFacts) {
  for (const { relative, name } of spellings(facts)) {
    const because = rules.denied(relative);
    if (because !== undefined) return deny('paths.deny', `${name} ${because}`);
  }
  return undefined;
}

function judgeKind({ facts, use }: PathCase) {
  if (facts.state === 'other')
    return deny(
      'paths.kind',
      `${shown(facts.path)} is neither a file nor a folder (a device, socket or pipe)`,
    );
  if (use === 'write' && facts.state === 'folder')
    return deny('paths.kind', `${shown(facts.path)} is a folder; only files can be edited`);
  return undefined;
}

function judgeGlobs(rules: PathRules, { facts, use }: PathCase) {
  const globs = use === 'write' ? rules.write : rules.read;
  const setting = use === 'write' ? 'paths.write' : 'paths.read';
  const entered = use === 'enter' && facts.state !== 'file';
  const missed = spellings(facts).find(({ relative }) =>
    entered ? !globs.couldHold(relative) : !globs.matches(relative),
  );
  if (missed !== undefined) return deny(setting, `no glob of ${setting} allows ${missed.name}`);
  if (use !== 'write') return allow(setting, `${setting} allows ${shown(facts.path)}`);
  const free = spellings(facts).every(({ relative }) => rules.edits.matches(relative));
  if (free) return allow('edits.allow', `edits.allow names ${shown(facts.path)}`);
  return ask('edits.ask', `an edit of ${shown(facts.path)} is shown before it is applied`);
}

function judgeSize(rules: PathRules, { facts, use }: PathCase) {
  if (use === 'enter' || facts.state !== 'file' || facts.size <= rules.maxBytes) return undefined;
  return deny(
    'files.maxBytes',
    `${shown(facts.path)} has ${facts.size} bytes, more than files.maxBytes (${rules.maxBytes})`,
  );
}

function judgeProtected(rules: PathRules, { facts, use }: PathCase) {
  if (use !== 'write') return undefined;
  const found = spellings(facts).flatMap(({ relative, name }) => {
    const protection = rules.protection(relative);
    return protection === undefined ? [] : [{ name, protection }];
  });
  const never = found.find(({ protection }) => protection.level === 'never');
  if (never !== undefined)
    return deny('paths.never-written', `${never.name} is never written: ${never.protection.because}`);
  const asked = found[0];
  if (asked === undefined) return undefined;
  return ask('paths.protected', `${asked.name} is always asked: ${asked.protection.because}`);
}

function judgeHardLink({ facts, use }: PathCase) {
  if (use !== 'write' || facts.links <= 1) return undefined;
  return ask(
    'paths.hard-link',
    `${shown(facts.path)} is one of ${facts.links} names of the same file; the others may be outside the workspace`,
  );
}

/** Git obeys what lies in such a folder as it obeys `.git`, whatever the folder is called. */
function judgeRepository({ facts, use }: PathCase) {
  if (use !== 'write') return undefined;
  if (facts.repository !== null)
    return deny(
      'paths.never-written',
      `${shown(facts.path)} is never written: git takes ${shown(facts.repository)} for a repository and runs hooks and configuration from it`,
    );
  const isHead = spellings(facts).some(({ relative }) => foldPath(relative).split('/').at(-1) === 'head');
  if (!isHead) return undefined;
  return ask(
    'paths.repository',
    `${shown(facts.path)} is always asked: with a file of this name git may take its folder for a repository and run hooks from it`,
  );
}

/** The same file under a name that may not be read: what the name refuses, another name must not give. */
function judgeHiddenNames(rules: PathRules, { facts, use }: PathCase) {
  if (facts.state !== 'file') return undefined;
  const { hiddenNames } = facts;
  if (hiddenNames === 'unknown') {
    return ask(
      'paths.hard-link',
      `${shown(facts.path)} is one of ${facts.links} names of the same file, and there are too many files here to find the others`,
    );
  }
  for (const path of hiddenNames) {
    const because = rules.denied(relativePath(path)) ?? 'may not be read';
    const what = use === 'write' ? 'write' : 'read';
    return deny(
      'paths.hard-link',
      `to ${what} ${shown(facts.path)} is to ${what} ${shown(path)}, the same file, which ${because}`,
    );
  }
  return undefined;
}

/** Windows gives long names a short one. Where the disk does not say what it stands for, nobody knows what is meant. */
function judgeShortName(facts: PathFacts) {
  const named = relativePath(facts.path).split('/');
  const isShort = named.some((name) => /^[^~.]{1,6}~[0-9]{1,4}(?:\.[^.]{0,3})?$/.test(name));
  if (!isShort || (facts.real !== null && facts.real !== facts.path)) return undefined;
  return ask(
    'paths.short-name',
    `a name in ${shown(facts.path)} looks like a short name of Windows, which may stand for another file`,
  );
}

function judgeIgnoredSecret(rules: PathRules, { facts, use }: PathCase) {
  if (use === 'write' || !facts.ignored || facts.state !== 'file') return undefined;
  const found = spellings(facts).find(({ relative }) => rules.secretName(relative));
  if (found === undefined) return undefined;
  return ask(
    'paths.ignored-secret',
    `git ignores ${found.name} and its name says that it may hold secrets; what is read goes to the model`,
  );
}
