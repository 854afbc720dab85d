import type { CommandStep, Redirect, SimpleCommand } from '../../protocol/command.ts';
import {
  childrenOf,
  isBroken,
  type Command,
  type ParsedScript,
  type Redirection,
  type Statement,
  type SyntaxNode,
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
export function grammarSteps(script: ParsedScript): readonly CommandStep[] | undefined {
  const steps: CommandStep[] = [];
  for (const statement of script.commands) {
    const read = stepsOfStatement(statement);
    if (read === undefined) return undefined;
    steps.push(...read);
  }
  return steps;
}

function stepsOfStatement({ command }: Statement): readonly CommandStep[] | undefined {
  const parts = command.type === 'AndOr' ? command.commands : [command];
  const operators = command.type === 'AndOr' ? command.operators : [];
  const steps: CommandStep[] = [];
  for (const [index, part] of parts.entries()) {
    const commands = part.type === 'Pipeline' ? part.commands : [part];
    const [first, ...rest] = commands.map((one) => (one.type === 'Command' ? simpleCommand(one) : undefined));
    if (first === undefined || rest.includes(undefined)) return undefined;
    const operator = index === 0 ? undefined : operators[index - 1];
    const when = operator === '&&' ? 'afterSuccess' : operator === '||' ? 'afterFailure' : 'always';
    steps.push({ when, folder: '', pipeline: [first, ...rest.filter((one) => one !== undefined)] });
  }
  return steps;
}

function simpleCommand(command: Command): SimpleCommand | undefined {
  if (command.name === undefined) return undefined;
  const redirects: Redirect[] = [];
  for (const redirection of command.redirects) {
    const read = redirectOf(redirection);
    if (read === undefined) return undefined;
    redirects.push(...read);
  }
  const args = command.args.map((arg) => (arg.type === 'Word' ? arg.value : arg.text));
  return { argv: [command.name.value, ...args], redirects };
}

function redirectOf(redirection: Redirection): readonly Redirect[] | undefined {
  if (redirection.type !== 'Redirect' || redirection.target === undefined) return undefined;
  const { operator, descriptor, target } = redirection;
  const both: readonly Redirect[] = [
    { fd: 1, to: 'null' },
    { fd: 2, to: 'null' },
  ];
  if (descriptor === undefined && (operator === '&>' || operator === '&>>'))
    return target.value === '/dev/null' ? both : undefined;
  const fd = descriptor === undefined ? 1 : descriptor.type === 'FileDescriptor' ? descriptor.value : 0;
  if (fd !== 1 && fd !== 2) return undefined;
  if (operator === '>&' && target.value === '1') return [{ fd, to: 'stdout' }];
  if (operator === '>&' && target.value === '2') return [{ fd, to: 'stderr' }];
  if (target.value !== '/dev/null') return undefined;
  if (operator === '>&') return descriptor === undefined ? both : undefined;
  return operator === '>' || operator === '>>' ? [{ fd, to: 'null' }] : undefined;
}
