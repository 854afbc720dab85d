import { builtinValues, evaluatedAgain, holdsSubstitution, isCommandVariable } from './builtinValues.ts';
import { givenCode, shellIn, type GivenCode } from './codeGiven.ts';
import { DOWNLOADED, HIDDEN, known, marksIn, NEXT, UNKNOWN } from './marks.ts';
import { decodeParts, decodeText, decodeWord, type WordReader } from './decodeWord.ts';
import { downloadedFiles, outputOf } from './output.ts';
import { programName } from './programName.ts';
import {
  childrenOf,
  parseShell,
  type Command,
  type Redirection,
  type ShellFunction,
  type SyntaxNode,
} from './shellSyntax.ts';
import type { Started } from './started.ts';
import { moved, type Location } from './target.ts';
import { SHELLS, startedBy } from './unwrap.ts';

/** Something a line would do, or a reason why it cannot be told. */
export type Site =
  | {
      readonly kind: 'run';
      readonly argv: readonly string[];
      /** The words as they are written, without quotes: Windows does not unescape them. */
      readonly written: readonly string[];
      readonly writes: readonly string[];
      readonly input: string;
      readonly hasInput: boolean;
      readonly at: Location;
    }
  | { readonly kind: 'assigned'; readonly name: string; readonly value: string }
  | { readonly kind: 'writes'; readonly writes: readonly string[]; readonly at: Location }
  | { readonly kind: 'forkBomb'; readonly name: string }
  | { readonly kind: 'ranDownload' | 'ranHidden' | 'tooDeep' | 'tooMuch' }
  | { readonly kind: 'code'; readonly code: GivenCode; readonly at: Location }
  | { readonly kind: 'unreadable'; readonly text: string };

export type Visit = (site: Site) => void;

const MAX_DEPTH = 4;
const MAX_CALLS = 4;
const MAX_CHOICES = 64;
const MAX_SITES = 6_000;
const MAX_VALUE = 2_048;
const MAX_TEXT = 32_768;
const MAX_DECODED = 6_000;

type Walk = {
  readonly visit: Visit;
  readonly values: Map<string, readonly string[]>;
  readonly functions: Map<string, ShellFunction>;
  /** What the line itself writes into files, by their last name. */
  readonly files: Map<string, string>;
  readonly left: { sites: number };
  readonly place: { at: Location };
  readonly depth: number;
  readonly calls: number;
};

/**
 * Reads everything that could run, as loosely as possible: any node at any depth, through wrappers, substitutions,
 * variables, functions, here-documents and pipes into shells. Nothing it says makes a line more trusted; it only
 * finds what must be refused.
 */
export function walkLine(text: string, at: Location, visit: Visit): void {
  walkText(text, '', newWalk(at, visit));
}

/** The same for a vector that will run as it is. */
export function walkVector(argv: readonly string[], at: Location, visit: Visit): void {
  runVector(argv, argv, [], '', false, newWalk(at, visit));
}

function newWalk(at: Location, visit: Visit): Walk {
  return {
    visit,
    values: new Map(),
    functions: new Map(),
    files: new Map(),
    left: { sites: MAX_SITES },
    place: { at },
    depth: 0,
    calls: 0,
  };
}

function walkText(text: string, input: string, walk: Walk): string {
  if (text.length > MAX_TEXT) {
    walk.visit({ kind: 'tooMuch' });
    return UNKNOWN;
  }
  const parsed = parseShell(text);
  if (parsed.kind === 'unreadable' || !parsed.whole) walk.visit({ kind: 'unreadable', text });
  return parsed.kind === 'unreadable' ? UNKNOWN : walkNode(parsed.script, input, walk);
}

/** Gives back what the node would print. */
function walkNode(node: SyntaxNode, input: string, walk: Walk): string {
  if (walk.left.sites <= 0) return UNKNOWN;
  if (node.type === 'Command') return walkCommand(node, input, walk);
  if (node.type === 'Pipeline')
    return node.commands.reduce((piped, command) => walkNode(command, piped, walk), input);
  if (node.type === 'Subshell') return walkChildren(node, input, { ...walk, place: { ...walk.place } });
  if (node.type === 'Function') {
    walk.functions.set(node.name.value, node);
    if (callsItself(node)) walk.visit({ kind: 'forkBomb', name: node.name.value });
    return walkChildren(node, '', walk);
  }
  if (node.type === 'Redirected') {
    const { fed, writes } = redirected(node.redirects, readerOf(walk, 0), walk);
    if (writes.length > 0) walk.visit({ kind: 'writes', writes, at: walk.place.at });
    return keepWritten(writes, walkNode(node.command, fed ?? input, walk), walk);
  }
  if (node.type === 'For' || node.type === 'Select') {
    const words = (node.wordlist ?? []).flatMap((word) => decodeWord(word, readerOf(walk, 0)));
    assign(node.name.value, words, walk);
    return walkNode(node.body, input, walk);
  }
  if (node.type === 'Assignment') {
    assignFrom(node, walk);
    return '';
  }
  if (node.type === 'Word') {
    evaluate(decodeWord(node, readerOf(walk, 0)).filter(holdsSubstitution), walk);
    return '';
  }
  return walkChildren(node, input, walk);
}

function walkChildren(node: SyntaxNode, input: string, walk: Walk): string {
  return childrenOf(node)
    .map((child) => walkNode(child, input, walk))
    .filter((text) => text !== '')
    .join('\n');
}

function readerOf(walk: Walk, choice: number): WordReader {
  return {
    choice,
    values: (name) => walk.values.get(name),
    run: (script) => walkNode(script, '', { ...walk, place: { ...walk.place } }),
    keep: (output) => {
      const name = `stream${walk.files.size}`;
      walk.files.set(name, output);
      return `/dev/fd/${name}${marksIn(output)}`;
    },
    giveUp: () => walk.visit({ kind: 'tooMuch' }),
  };
}

function walkCommand(command: Command, input: string, walk: Walk): string {
  for (const part of command.prefix) if (part.type === 'Assignment') assignFrom(part, walk);
  const words = command.name === undefined ? [] : [command.name, ...command.args];
  const choices = Math.max(1, ...[...walk.values.values()].map((values) => values.length));
  if (choices > 1 && choices * words.length > MAX_DECODED) {
    walk.visit({ kind: 'tooMuch' });
    return UNKNOWN;
  }
  const seen = new Set<string>();
  let output = '';
  for (let choice = 0; choice < choices; choice += 1) {
    const reader = readerOf(walk, choice);
    const { fed, writes } = redirected(command.redirects, reader, walk);
    const argv = words.flatMap((word) => {
      if (word.type === 'Word') return decodeWord(word, reader);
      return [`${word.name}=${assignFrom(word, walk)}`];
    });
    const key = JSON.stringify([argv, writes]);
    if (seen.has(key)) continue;
    seen.add(key);
    const written = words.map(({ text }) => withoutQuotes(text));
    const hasInput = fed !== undefined || input !== '';
    output = runVector(argv, written, writes, fed ?? input, hasInput, walk);
    keepWritten(writes, output, walk);
    if (command.redirects.length > 0 || words.some((word) => word.text.includes('>(')))
      feedProcesses(command, output === '' ? (fed ?? input) : output, walk);
  }
  return output;
}

/** By hand, because it is done for every word of a line that may hold thousands. */
function withoutQuotes(text: string): string {
  const first = text[0];
  const isQuoted = (first === "'" || first === '"') && text.length > 1 && text.endsWith(first);
  return isQuoted ? text.slice(1, -1) : text;
}

/** Runs the `>( … )` of a command on what it would print. */
function feedProcesses(command: Command, output: string, walk: Walk): void {
  if (output === '') return;
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'ProcessSubstitution' && node.operator === '>' && node.script !== undefined)
      walkNode(node.script, output, walk);
    else if (node.type !== 'CommandExpansion') childrenOf(node).forEach(visit);
  };
  childrenOf(command).forEach(visit);
}

function redirected(
  redirects: readonly Redirection[],
  reader: WordReader,
  walk: Walk,
): { readonly fed: string | undefined; readonly writes: readonly string[] } {
  let fed: string | undefined;
  const writes: string[] = [];
  for (const redirect of redirects) {
    const { descriptor } = redirect;
    const stream = descriptor?.type === 'FileDescriptor' ? descriptor.value : 0;
    const feed = (text: string): void => {
      if (stream === 0) fed = text;
      walk.files.set(String(stream), text);
    };
    if (redirect.type === 'HereDoc') {
      feed(redirect.body.parts === undefined ? redirect.body.text : decodeParts(redirect.body.parts, reader));
      continue;
    }
    if (redirect.target === undefined) continue;
    const target = decodeText(redirect.target, reader);
    const names = redirect.type === 'Redirect' && redirect.operator !== '<' && redirect.operator !== '<&';
    if (redirect.type === 'HereString') feed(target);
    else if (!names) feed(walk.files.get(lastName(target)) ?? UNKNOWN + marksIn(target));
    else if (!/^[0-9-]+$/.test(target)) writes.push(target);
    if (redirect.type === 'Redirect' && isNetwork(target)) writes.push(target);
  }
  return { fed, writes };
}

function isNetwork(target: string): boolean {
  return /^\/dev\/(?:tcp|udp)\//.test(target);
}

function keepWritten(writes: readonly string[], output: string, walk: Walk): string {
  for (const target of writes) walk.files.set(lastName(target), output);
  return output;
}

function lastName(path: string): string {
  return known(path).split(/[\\/]/).at(-1) ?? '';
}

function assignFrom(node: Extract<SyntaxNode, { type: 'Assignment' }>, walk: Walk): string {
  const reader = readerOf(walk, 0);
  if (node.index !== undefined) decodeWord(node.index, reader);
  const value =
    node.value.type === 'Word'
      ? decodeText(node.value, reader)
      : node.value.elements
          .flatMap((element) => decodeWord(element, reader))
          .map((element) => element.replace(/^\[[^\]]*\]=/, ''))
          .join(NEXT);
  if (isCommandVariable(node.name) && walk.depth < MAX_DEPTH)
    walkText(known(value), '', { ...walk, depth: walk.depth + 1 });
  walk.visit({ kind: 'assigned', name: node.name, value });
  const before = walk.values.get(node.name)?.[0];
  assign(node.name, [node.append === true && before !== undefined ? before + value : value], walk);
  return value;
}

/** The newest value stands first; older ones stay possible, because loops and branches run in any order. */
function assign(name: string, values: readonly string[], walk: Walk): void {
  const all = [...new Set([...values, ...(walk.values.get(name) ?? [])])];
  if (all.length > MAX_CHOICES || all.some((value) => value.length > MAX_VALUE))
    walk.visit({ kind: 'tooMuch' });
  walk.values.set(name, all.filter((value) => value.length <= MAX_VALUE).slice(0, MAX_CHOICES));
}

function runVector(
  argv: readonly string[],
  written: readonly string[],
  writes: readonly string[],
  input: string,
  hasInput: boolean,
  walk: Walk,
): string {
  walk.left.sites -= 1;
  if (walk.left.sites <= 0) {
    walk.visit({ kind: 'tooMuch' });
    return UNKNOWN;
  }
  walk.visit({ kind: 'run', argv, written, writes, input, hasInput, at: walk.place.at });
  const [first, ...args] = argv;
  if (first === undefined) return input;
  if (known(first) === '' && args.length > 0) runVector(args, written.slice(1), [], input, hasInput, walk);
  runMarks(first, walk);
  for (const code of givenCode(argv, input, hasInput)) walkCode(code, walk);
  const name = programName(first);
  if (name === 'cd' || name === 'pushd' || name === 'chdir')
    walk.place.at = moved(
      walk.place.at,
      args.find((arg) => !/^-[LPe@]+$|^--$/.test(arg)),
    );
  if (name === 'popd') walk.place.at = moved(walk.place.at, '-');
  if (name === 'set' && args[0] === '--') setParameters(args.slice(1), walk);
  if (name === 'tee')
    keepWritten(
      args.filter((arg) => !arg.startsWith('-')),
      input,
      walk,
    );
  if (name === 'shift')
    setParameters((walk.values.get('@')?.[0] ?? '').split(NEXT).slice(Number(args[0] ?? 1)), walk);
  for (const { name: variable, values } of builtinValues(name, args, input)) assign(variable, values, walk);
  evaluate(evaluatedAgain(name, args), walk);
  for (const file of downloadedFiles(name, args)) walk.files.set(file, DOWNLOADED);
  const body = walk.functions.get(known(first));
  if (body !== undefined && walk.calls < MAX_CALLS) return callFunction(body, args, input, walk);
  const ran = known(first).includes('/') ? walk.files.get(lastName(first)) : undefined;
  if (ran !== undefined) return start({ kind: 'file', name: first, args }, input, written, walk);
  const started = startedBy(argv, input);
  if (started.length === 0) return outputOf(argv, input, (file) => walk.files.get(lastName(file)));
  if (walk.depth >= MAX_DEPTH) {
    walk.visit({ kind: 'tooDeep' });
    return UNKNOWN;
  }
  return started
    .map((one) => start(one, input, written, { ...walk, depth: walk.depth + 1 }))
    .filter((text) => text !== '')
    .join('\n');
}

/** What bash reads a second time, where it evaluates an index or an arithmetic value. */
function evaluate(texts: readonly string[], walk: Walk): void {
  if (walk.depth >= MAX_DEPTH) return;
  for (const text of texts) walkText(`: ${known(text)}`, '', { ...walk, depth: walk.depth + 1 });
}

/** Code in a language that is not read here: its texts are read as if it handed them to a shell. */
function walkCode(code: GivenCode, walk: Walk): void {
  walk.visit({ kind: 'code', code, at: walk.place.at });
  runMarks(
    code.how === 'file' ? (walk.files.get(lastName(code.text)) ?? marksIn(code.text)) : code.text,
    walk,
  );
  if (code.how === 'file' || SHELLS.has(code.language) || walk.depth >= MAX_DEPTH) return;
  const visit: Visit = (site) => {
    if (site.kind !== 'unreadable' && site.kind !== 'tooDeep') walk.visit(site);
  };
  for (const text of shellIn(code)) walkText(text, '', { ...walk, visit, depth: walk.depth + 1 });
}

function callFunction(body: ShellFunction, args: readonly string[], input: string, walk: Walk): string {
  const inner: Walk = { ...walk, values: new Map(walk.values), calls: walk.calls + 1 };
  setParameters(args, inner);
  return walkNode(body.body, input, inner);
}

function setParameters(args: readonly string[], walk: Walk): void {
  args.forEach((arg, index) => walk.values.set(String(index + 1), [arg]));
  walk.values.set('@', [args.join(NEXT)]);
  walk.values.set('*', [args.join(' ')]);
}

function start(started: Started, input: string, written: readonly string[], walk: Walk): string {
  switch (started.kind) {
    case 'argv':
      return runVector(started.argv, written.slice(-started.argv.length), [], input, input !== '', walk);
    case 'script':
      runMarks(started.text, walk);
      return walkText(started.text, input, withParameters(started.args, walk));
    case 'input':
      runMarks(input, walk);
      return walkText(known(input), '', withParameters(['', ...started.args], walk));
    case 'file': {
      const text = walk.files.get(lastName(started.name));
      runMarks(`${started.name}${text ?? ''}`, walk);
      return text === undefined
        ? UNKNOWN
        : walkText(known(text), input, withParameters(['', ...started.args], walk));
    }
  }
}

/** The first argument of a script is its own name. */
function withParameters(args: readonly string[], walk: Walk): Walk {
  const inner: Walk = { ...walk, values: new Map(walk.values) };
  if (args.length > 0) setParameters(args.slice(1), inner);
  return inner;
}

function runMarks(text: string, walk: Walk): void {
  if (text.includes(DOWNLOADED)) walk.visit({ kind: 'ranDownload' });
  if (text.includes(HIDDEN)) walk.visit({ kind: 'ranHidden' });
}

/** A function that starts itself twice at once, or in the background. */
function callsItself(node: ShellFunction): boolean {
  const holds = (inner: SyntaxNode): boolean =>
    (inner.type === 'Command' && inner.name?.value === node.name.value) || childrenOf(inner).some(holds);
  const multiplies = (inner: SyntaxNode): boolean =>
    (((inner.type === 'Pipeline' && inner.commands.length > 1) ||
      (inner.type === 'Statement' && inner.background === true)) &&
      holds(inner)) ||
    childrenOf(inner).some(multiplies);
  return multiplies(node.body);
}
