import type { CommandLine, Expansion } from '../../protocol/command.ts';
import type { LineUse, NamedCode, NamedPath, PathUseKind } from '../../protocol/commandUse.ts';
import { partAsWritten } from '../../protocol/partAsWritten.ts';
import { relativePath, rootName, type WorkspacePath } from '../../protocol/workspacePath.ts';
import type { CommandCard } from './chatCard.ts';

/** One entry of a list on a card; `note` is ours and stands apart from the text. */
export type Item = { readonly text: string; readonly note?: string; readonly care?: true };

/** What a command would do, for people to read. An empty list means that nothing of the kind is known. */
export type CommandEffects = {
  readonly reads: readonly Item[];
  readonly looksInto: readonly Item[];
  readonly writes: readonly Item[];
  readonly network: readonly Item[];
  readonly code: readonly Item[];
  readonly unclear: readonly Item[];
};

/** Everything is listed, each once; nothing is cut. */
export function commandEffects({ effect, use }: Pick<CommandCard, 'effect' | 'use'>): CommandEffects {
  const home = effect.folder;
  return {
    reads: pathsOf(use, 'read', home),
    looksInto: pathsOf(use, 'enter', home),
    writes: pathsOf(use, 'write', home),
    network: eachOnce(
      use.commands.flatMap(({ network }) =>
        network.map((host) => (host === '*' ? ANY_HOST : { text: host })),
      ),
    ),
    code: eachOnce(use.commands.flatMap(({ code }) => code.map((one) => codeItem(one, home)))),
    unclear: eachOnce(
      use.commands.flatMap(({ argv, unclear }) => unclear.map((text) => ({ text, note: argv[0] ?? '' }))),
    ),
  };
}

const ANY_HOST: Item = { text: 'any host', care: true };

function pathsOf(use: LineUse, kind: PathUseKind, home: WorkspacePath): readonly Item[] {
  return eachOnce(
    use.commands.flatMap(({ paths }) =>
      paths.filter((path) => path.use === kind).map((path) => pathItem(path, home)),
    ),
  );
}

function pathItem({ path, absolute, below }: NamedPath, home: WorkspacePath): Item {
  const notes = [
    ...(below === true ? ['and everything below'] : []),
    ...(path === null ? ['outside the workspace'] : []),
  ];
  return {
    text: path === null ? absolute : placeOf(path, home),
    ...(notes.length === 0 ? {} : { note: notes.join(', ') }),
    ...(path === null ? { care: true } : {}),
  };
}

function codeItem(code: NamedCode, home: WorkspacePath): Item {
  switch (code.kind) {
    case 'file':
      return { text: placeOf(code.path, home) };
    case 'entry':
      return { text: code.entry, note: `of ${placeOf(code.path, home)}` };
    case 'workspace':
      return { text: code.because, care: true };
  }
}

/** From the top of its root; the root is named where it is another than that of the command. */
function placeOf(path: WorkspacePath, home: WorkspacePath): string {
  if (rootName(path) !== rootName(home)) return path;
  return relativePath(path) === '' ? '.' : relativePath(path);
}

function eachOnce(items: readonly Item[]): readonly Item[] {
  const seen = new Map(items.map((item) => [JSON.stringify([item.text, item.note]), item]));
  return [...seen.values()];
}

export type PatternShown = {
  readonly pattern: string;
  /** `12 names`, or that there were none. */
  readonly stoodFor: string;
  /** Empty where the pattern was passed on as it is written. */
  readonly words: readonly string[];
};

/** What the patterns of a line stood for when it was read; the names are in its argument vectors too. */
export function patternsShown(line: CommandLine): readonly PatternShown[] {
  if (line.kind === 'shell') return [];
  return (line.expansions ?? []).map((expansion) => {
    const { pattern, words } = expansion;
    if (stoodForItself(expansion)) return { pattern, stoodFor: 'no name fits; passed as written', words: [] };
    return { pattern, stoodFor: words.length === 1 ? '1 name' : `${words.length} names`, words };
  });
}

function stoodForItself({ parts, words }: Expansion): boolean {
  const [word, ...others] = words;
  if (word === undefined) return true;
  if (others.length > 0) return false;
  return word === parts.map(partAsWritten).join('');
}

/** What `env` sets for the command behind it, as it is written: NAME=value. */
export function environmentChanges(line: CommandLine): readonly string[] {
  if (line.kind === 'shell') return [];
  return line.steps.flatMap(({ pipeline }) => pipeline.flatMap(({ argv }) => setByEnv(argv)));
}

function setByEnv([program, ...words]: readonly string[]): readonly string[] {
  if (program === undefined || !/^(?:.*\/)?env$/.test(program)) return [];
  const end = words.findIndex(
    (word, at) =>
      !word.startsWith('-') &&
      !word.includes('=') &&
      !/^(?:-u|-C|--unset|--chdir)$/.test(words[at - 1] ?? ''),
  );
  return (end < 0 ? words : words.slice(0, end)).filter((word) => /^[^-=][^=]*=/.test(word));
}
