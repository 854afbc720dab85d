import { Minimatch, type MinimatchOptions } from 'minimatch';
import { foldPath, foldPattern } from './foldPath.ts';

const OPTIONS: MinimatchOptions = {
  dot: true,
  nonegate: true,
  nocomment: true,
  noext: true,
  platform: 'linux',
  braceExpandMax: 1_000,
};

const MAX_PATTERNS = 1_000;
const MAX_LENGTH = 512;
const MAX_STARS_IN_SEGMENT = 6;
const MAX_GLOBSTARS = 6;
const MAX_EXPANSIONS = 256;

/** What stood in a list of globs and could not be read; the sentence names the glob. */
export class GlobUnreadable extends Error {
  override readonly name = 'GlobUnreadable';
}

export type AllowGlobs = {
  /** Exact and case-sensitive: what is not spelled as allowed is not allowed. */
  matches(relative: string): boolean;
  /** Whether a folder may hold something that matches; true for the root as soon as there is a glob. */
  couldHold(folder: string): boolean;
  /** Globs that could not be read; they allow nothing. */
  readonly problems: readonly string[];
};

export type DenyGlobs = {
  /** The first glob that covers the path or a folder above it, in any spelling of its name. */
  covering(relative: string): string | undefined;
};

/** Matches paths relative to a root, with slashes. Throws GlobUnreadable. */
export function globMatcher(patterns: readonly string[]): (relative: string) => boolean {
  const globs = compileAll(patterns, anchored);
  return (relative) => globs.some((glob) => glob.match(relative.replaceAll('\\', '/')));
}

/** A glob that cannot be read allows nothing and is named in `problems`. */
export function allowGlobs(patterns: readonly string[]): AllowGlobs {
  const problems: string[] = [];
  const globs: Minimatch[] = [];
  for (const pattern of patterns.slice(0, MAX_PATTERNS)) {
    try {
      globs.push(compile(pattern, anchored));
    } catch (error) {
      if (!(error instanceof GlobUnreadable)) throw error;
      problems.push(error.message);
    }
  }
  if (patterns.length > MAX_PATTERNS) problems.push(`only the first ${MAX_PATTERNS} globs of the list count`);
  return {
    matches: (relative) =>
      relative === '' ? patterns.includes('**') : globs.some((glob) => glob.match(relative)),
    couldHold: (folder) =>
      folder === '' ? globs.length > 0 : globs.some((glob) => glob.match(folder) || glob.match(folder, true)),
    problems,
  };
}

/** Throws GlobUnreadable: who cannot read a list of refusals must refuse everything. */
export function denyGlobs(patterns: readonly string[]): DenyGlobs {
  const globs = compileAll(patterns, (text) => foldPattern(anchored(text)).replace(/(?:\/\*\*)+$/, ''));
  return {
    covering(relative) {
      if (relative === '') return patterns.find((pattern) => anchored(pattern) === '**');
      const folders = foldersOf(foldPath(relative));
      const index = globs.findIndex((glob) => folders.some((folder) => glob.match(folder)));
      return index === -1 ? undefined : patterns[index];
    },
  };
}

/** The path and every folder above it, longest last. */
function foldersOf(relative: string): string[] {
  const segments = relative.split('/').filter((segment) => segment !== '');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

function compileAll(patterns: readonly string[], prepare: (pattern: string) => string): Minimatch[] {
  if (patterns.length > MAX_PATTERNS) throw new GlobUnreadable(`a list of more than ${MAX_PATTERNS} globs`);
  return patterns.map((pattern) => compile(pattern, prepare));
}

function compile(pattern: string, prepare: (pattern: string) => string): Minimatch {
  const trouble = troubleIn(pattern);
  if (trouble !== undefined)
    throw new GlobUnreadable(`the glob ${JSON.stringify(pattern.slice(0, 80))} ${trouble}`);
  return new Minimatch(prepare(pattern), OPTIONS);
}

/** A pattern is relative to its root however it is written: `./src/`, `/src` and `src` are the same. */
function anchored(pattern: string): string {
  return pattern
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '');
}

/** Bounds first: a glob must not cost more than the path it guards. */
function troubleIn(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (anchored(pattern) === '') return 'is empty';
  if (/[\u0000-\u001f\u007f]/.test(pattern)) return 'holds control characters';
  if (/[@?+*!]\(/.test(pattern)) return 'holds an extended glob; write the alternatives in braces';
  if (pattern.split(/[\\/]/).includes('..')) return 'climbs with ".."';
  if (!closes(pattern, '{', '}')) return 'has a brace that is not closed';
  if (!closes(pattern, '[', ']')) return 'has a bracket that is not closed';
  if (/\{[^}]*\.\.[^}]*\}/.test(pattern)) return 'holds a range in braces; write the names one by one';
  if (hasReversedRange(pattern)) return 'has a bracket whose range runs backwards, so it could match nothing';
  if (expansions(pattern) > MAX_EXPANSIONS) return `stands for more than ${MAX_EXPANSIONS} globs`;
  if ((pattern.match(/\*\*/g) ?? []).length > MAX_GLOBSTARS) return `holds more than ${MAX_GLOBSTARS} "**"`;
  if (pattern.split(/[\\/]/).some((part) => (part.match(/\*/g) ?? []).length > MAX_STARS_IN_SEGMENT))
    return `holds more than ${MAX_STARS_IN_SEGMENT} stars in one name`;
  return undefined;
}

function closes(pattern: string, open: string, close: string): boolean {
  let depth = 0;
  for (const char of pattern) {
    if (char === open) depth += 1;
    if (char === close && depth > 0) depth -= 1;
  }
  return depth === 0;
}

function hasReversedRange(pattern: string): boolean {
  for (const [, inside = ''] of pattern.matchAll(/\[([^\]]*)\]/g))
    for (const [, from = '', to = ''] of inside.matchAll(/(.)-(.)/gu)) if (from > to) return true;
  return false;
}

/** An upper bound of how many patterns the braces stand for. */
function expansions(pattern: string): number {
  let product = 1;
  for (const group of pattern.split('{').slice(1)) product *= group.split(',').length;
  return product;
}
