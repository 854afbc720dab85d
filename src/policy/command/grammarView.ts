import type { PatternPart, Redirect } from '../../protocol/command.ts';
import { patternOf, setAt, type PlainCommand, type PlainStep, type PlainWord } from './plainStep.ts';
import {
  childrenOf,
  isBroken,
  type Command,
  type ParsedScript,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
  type WordPart,
} from './shellSyntax.ts';

/** What the grammar sees of a line that may be plain. */
export type GrammarView = {
  /** Simple commands at any depth; counting stops a little above the limit. */
  readonly commands: number;
  /** The first thing that is not plain, in a few words. */
  readonly odd: string | undefined;
};

/** Node kinds a plain line is made of. What is not in this table is not plain. */
const PLAIN_NODES = new Set([
  'Script',
  'Statement',
  'AndOr',
  'Pipeline',
  'Command',
  'Word',
  'Literal',
  'SingleQuoted',
  'DoubleQuoted',
  'Glob',
  'Redirect',
  'FileDescriptor',
]);

export function grammarView(script: ParsedScript, limit: number): GrammarView {
  let commands = 0;
  let odd: string | undefined;
  const visit = (node: SyntaxNode): void => {
    if (commands > limit) return;
    odd ??= oddityOf(node);
    if (node.type === 'Command') commands += 1;
    if (node.type !== 'Word' || node.parts !== undefined) for (const child of childrenOf(node)) visit(child);
  };
  visit(script);
  return { commands, odd };
}

function oddityOf(node: SyntaxNode): string | undefined {
  if (isBroken(node)) return 'syntax that cannot be read';
  if (node.type === 'Assignment') return 'an assignment';
  if (!PLAIN_NODES.has(node.type)) return `a part the grammar calls ${node.type}`;
  if (node.type === 'Statement' && node.background === true) return 'a command in the background (&)';
  if (node.type === 'Pipeline' && node.operators.includes('|&')) return 'a pipe of both outputs (|&)';
  return undefined;
}

/** The steps as the grammar reads them; undefined as soon as something has no place in a plain line. */
export function grammarSteps(script: ParsedScript): readonly PlainStep[] | undefined {
  const steps: PlainStep[] = [];
  for (const statement of script.commands) {
    const read = stepsOfStatement(statement);
    if (read === undefined) return undefined;
    steps.push(...read);
  }
  return steps;
}

function stepsOfStatement({ command }: Statement): readonly PlainStep[] | undefined {
  const parts = command.type === 'AndOr' ? command.commands : [command];
  const operators = command.type === 'AndOr' ? command.operators : [];
  const steps: PlainStep[] = [];
  for (const [index, part] of parts.entries()) {
    const commands = part.type === 'Pipeline' ? part.commands : [part];
    const [first, ...rest] = commands.map((one) => (one.type === 'Command' ? simpleCommand(one) : undefined));
    if (first === undefined || rest.includes(undefined)) return undefined;
    const operator = index === 0 ? undefined : operators[index - 1];
    const when = operator === '&&' ? 'afterSuccess' : operator === '||' ? 'afterFailure' : 'always';
    steps.push({ when, pipeline: [first, ...rest.filter((one) => one !== undefined)] });
  }
  return steps;
}

function simpleCommand(command: Command): PlainCommand | undefined {
  if (command.name === undefined) return undefined;
  const redirects: Redirect[] = [];
  for (const redirection of command.redirects) {
    const read = redirectsOf(redirection);
    if (read === undefined) return undefined;
    redirects.push(...read);
  }
  const [name, ...args] = [command.name, ...command.args].map((word) =>
    word.type === 'Word' ? plainWord(word) : undefined,
  );
  if (name === undefined || args.includes(undefined)) return undefined;
  return { words: [name, ...args.filter((word) => word !== undefined)], redirects };
}

function plainWord(word: Word): PlainWord | undefined {
  const { value, text: raw } = word;
  const home = raw === '~' || raw.startsWith('~/');
  const inside: PatternPart[] = [];
  for (const part of word.parts ?? [{ type: 'Literal' as const, value }]) {
    const read = patternPart(part);
    if (read === undefined) return undefined;
    inside.push(...read);
  }
  const [first, ...rest] = inside;
  const parts = patternOf(
    home && first?.kind === 'text'
      ? [{ kind: 'home' }, { kind: 'text', text: first.text.slice(1) }, ...rest]
      : inside,
  );
  return parts === undefined ? { value, raw } : { value, raw, parts };
}

function patternPart(
  part: WordPart | { type: 'Literal'; value: string },
): readonly PatternPart[] | undefined {
  if (part.type === 'Literal' || part.type === 'SingleQuoted') return [{ kind: 'text', text: part.value }];
  if (part.type === 'DoubleQuoted') {
    const texts = part.parts.map((child) => (child.type === 'Literal' ? child.value : undefined));
    return texts.includes(undefined) ? undefined : [{ kind: 'text', text: texts.join('') }];
  }
  if (part.type !== 'Glob') return undefined;
  if (part.kind === 'star') return Array.from(part.text, () => ({ kind: 'many' as const }));
  if (part.kind === 'question') return Array.from(part.text, () => ({ kind: 'one' as const }));
  const set = setAt(part.text);
  return set?.length === part.text.length ? [set.part] : undefined;
}

function redirectsOf(redirection: Redirection): readonly Redirect[] | undefined {
  if (redirection.type !== 'Redirect' || redirection.target === undefined) return undefined;
  const { operator, descriptor, target } = redirection;
  if (descriptor !== undefined && descriptor.type !== 'FileDescriptor') return undefined;
  const word = plainWord(target);
  if (word === undefined || word.parts !== undefined) return undefined;
  const file = word.value === '/dev/null' ? null : word.value;
  const both = operator === '&>' || operator === '&>>' || (operator === '>&' && file === null);
  if (both && descriptor === undefined)
    return file === null
      ? [
          { fd: 1, to: 'null' },
          { fd: 2, to: 'null' },
        ]
      : [
          { fd: 1, to: 'file', file, append: operator === '&>>' },
          { fd: 2, to: 'stdout' },
        ];
  if (operator === '<' && (descriptor?.value ?? 0) === 0)
    return [file === null ? { fd: 0, from: 'null' } : { fd: 0, from: 'file', file }];
  const fd = descriptor?.value ?? 1;
  if (fd !== 1 && fd !== 2) return undefined;
  if (operator === '>&' && word.raw === '1') return [{ fd, to: 'stdout' }];
  if (operator === '>&' && word.raw === '2') return [{ fd, to: 'stderr' }];
  if (operator !== '>' && operator !== '>>') return undefined;
  return [file === null ? { fd, to: 'null' } : { fd, to: 'file', file, append: operator === '>>' }];
}
