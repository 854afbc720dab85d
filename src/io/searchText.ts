import type { SearchQuery } from '../protocol/effect.ts';
import type { Done, Match, Outcome } from '../protocol/outcome.ts';
import { childPath, type WorkspacePath } from '../protocol/workspacePath.ts';
import { walkFiles, type WalkedFile } from './files/folderEntries.ts';
import { readContent } from './files/readContent.ts';
import { includeGlob } from './includeGlob.ts';
import { startLineMatcher } from './lineMatcher.ts';
import { searchWithRipgrep } from './ripgrep.ts';
import { searchPattern } from './searchPattern.ts';

const MOST_MATCHES = 500;
const MOST_LINES = 200_000;
const MOST_PER_FILE = 1_000;
const LONGEST_LINE = 400;
const FILE_TIME_MS = 3_000;
const SEARCH_TIME_MS = 30_000;

export type SearchPlan = {
  readonly query: SearchQuery;
  readonly path: WorkspacePath;
  /** Without links; a folder, or one file. */
  readonly real: string;
  readonly isFile: boolean;
  /** Path of the searched folder or file relative to its root, for `include`. */
  readonly relative: string;
  /** Judges every file, by its path below the searched folder; empty for the one file itself. */
  readonly mayRead: (path: WorkspacePath, below: string) => boolean;
  /** Judges what would be told of a file with all facts at hand; asked only of files in which something matched. */
  readonly mayTell: (path: WorkspacePath) => Promise<boolean>;
  readonly maxBytes: number;
  /** The program with the environment to start it in; null to search in this process. */
  readonly ripgrep: { readonly file: string; readonly environment: Readonly<Record<string, string>> } | null;
};

type Searched = Extract<Done, { kind: 'searched' }>;
type Spelling = { readonly rust: string; readonly js: string };
type Candidate = WalkedFile & { readonly path: WorkspacePath; readonly lines: readonly number[] };

/**
 * Lines that match, by path and number. Both ways of searching only say where to look; what is told is read afterwards
 * through the same door as everything else, so links, binaries and files that may not be read never get out.
 */
export async function searchText(plan: SearchPlan, signal: AbortSignal): Promise<Outcome> {
  const pattern = searchPattern(plan.query);
  if (pattern.kind === 'refused') return { kind: 'failed', because: pattern.because };
  const time = AbortSignal.timeout(SEARCH_TIME_MS);
  try {
    const both = AbortSignal.any([signal, time]);
    const byRipgrep = plan.ripgrep !== null && !plan.isFile;
    const found = byRipgrep ? await askRipgrep(plan, pattern, both) : await askWalker(plan, pattern, both);
    if (typeof found === 'string') return { kind: 'failed', because: found };
    return { kind: 'done', done: await matchesIn(found, byRipgrep ? 'ripgrep' : 'walker', plan, both) };
  } catch (error) {
    signal.throwIfAborted();
    if (!time.aborted) throw error;
    const because = `the search took longer than ${SEARCH_TIME_MS / 1_000} seconds; narrow the path or include`;
    return { kind: 'failed', because };
  }
}

async function askRipgrep(
  plan: SearchPlan,
  { rust }: Spelling,
  signal: AbortSignal,
): Promise<readonly Candidate[] | string> {
  if (plan.ripgrep === null) return [];
  const { include, caseSensitive } = plan.query;
  const names =
    include !== undefined && /^[A-Za-z0-9_*.-]+$/.test(include) && !include.includes('**') ? include : null;
  const found = await searchWithRipgrep(
    {
      ...plan.ripgrep,
      pattern: rust,
      caseSensitive,
      folder: plan.real,
      names,
      maxBytes: plan.maxBytes,
      mostPerFile: MOST_PER_FILE,
    },
    MOST_LINES,
    signal,
  );
  if (found.kind === 'refused') return found.because;
  const wanted = wantedIn(plan);
  return [...found.lines]
    .map(([relative, lines]) => ({ ...fileBelow(plan, relative), lines }))
    .filter((file) => wanted(file));
}

async function askWalker(
  plan: SearchPlan,
  { js }: Spelling,
  signal: AbortSignal,
): Promise<readonly Candidate[] | string> {
  const flags = plan.query.caseSensitive ? 'v' : 'iv';
  const matcher = startLineMatcher(js, flags, MOST_PER_FILE, FILE_TIME_MS);
  const wanted = wantedIn(plan);
  const candidates: Candidate[] = [];
  let count = 0;
  try {
    for await (const { relative } of plan.isFile ? [{ relative: '' }] : walkFiles(plan.real, '', signal)) {
      const file = fileBelow(plan, relative);
      if (!wanted(file)) continue;
      const read = await readContent(file.real, plan.maxBytes);
      if (read.kind !== 'content') continue;
      const lines = await matcher.match(read.content.text, signal);
      if (lines === 'tooSlow') return 'the pattern takes too long to match; make it simpler';
      count += lines.length;
      if (count > MOST_LINES) return 'too many lines match; narrow the pattern, the path or include';
      if (lines.length > 0) candidates.push({ ...file, lines });
    }
    return candidates;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return `the pattern cannot be searched for: ${error.message}`;
  } finally {
    await matcher.close();
  }
}

function fileBelow(plan: SearchPlan, below: string): WalkedFile & { readonly path: WorkspacePath } {
  if (below === '') return { relative: '', real: plan.real, path: plan.path };
  return { relative: below, real: `${plan.real}/${below}`, path: childPath(plan.path, below) };
}

function wantedIn({ query, relative, mayRead }: SearchPlan): (file: Omit<Candidate, 'lines'>) => boolean {
  const isIncluded = query.include === undefined ? () => true : includeGlob(query.include);
  const inRoot = (below: string) =>
    relative === '' || below === '' ? relative + below : `${relative}/${below}`;
  return (file) => isIncluded(inRoot(file.relative)) && mayRead(file.path, file.relative);
}

async function matchesIn(
  candidates: readonly Candidate[],
  by: Searched['by'],
  plan: SearchPlan,
  signal: AbortSignal,
): Promise<Searched> {
  const matches: Match[] = [];
  let omitted = 0;
  for (const { path, real, lines } of candidates.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    signal.throwIfAborted();
    if (matches.length >= MOST_MATCHES) {
      omitted += lines.length;
      continue;
    }
    if (!(await plan.mayTell(path))) continue;
    const read = await readContent(real, plan.maxBytes);
    if (read.kind !== 'content') continue;
    const texts = read.content.text.split('\n');
    const room = MOST_MATCHES - matches.length;
    for (const line of lines.slice(0, room)) {
      const text = texts[line - 1];
      if (text !== undefined) matches.push({ path, line, text: cut(text.replace(/\r$/, '')) });
    }
    omitted += Math.max(0, lines.length - room);
  }
  return { kind: 'searched', matches, omitted, by };
}

function cut(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE).toWellFormed()}…`;
}
