import { forEachChild, parse } from 'unbash';
import type {
  Command,
  Function as ShellFunction,
  ParsedScript,
  Redirection,
  Statement,
  SyntaxNode,
  Word,
  WordPart,
} from 'unbash';

/** The words of the shell grammar; no other file knows which parser they come from. */
export type { Command, ParsedScript, Redirection, ShellFunction, Statement, SyntaxNode, Word, WordPart };

/** `whole` is false when any part, at any depth that was parsed with it, could not be read. */
export type ParsedShell =
  | { readonly kind: 'script'; readonly script: ParsedScript; readonly whole: boolean }
  | { readonly kind: 'unreadable' };

/** Reads bash, as far as it can be read. Never throws. */
export function parseShell(text: string): ParsedShell {
  try {
    const script = parse(text);
    return { kind: 'script', script, whole: script.errors === undefined || script.errors.length === 0 };
  } catch {
    return { kind: 'unreadable' };
  }
}

/** The direct children, expansions and the scripts of substitutions included; none where the parser gives up. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  try {
    forEachChild(node, (child) => void children.push(child));
  } catch {
    return children;
  }
  return children;
}

/** Whether a nested script could be read whole. */
export function isBroken(node: SyntaxNode): boolean {
  return node.type === 'Script' && 'errors' in node && (node.errors?.length ?? 0) > 0;
}
