import type { Effect } from './effect.ts';
import type { WorkspacePath } from './workspacePath.ts';

export type Replacement = { readonly old: string; readonly new: string };

/** How a tool wants one file to change; the text before is not known yet, because nobody has allowed reading it. */
export type Change =
  | { readonly kind: 'replace'; readonly path: WorkspacePath; readonly replacements: readonly Replacement[] }
  | { readonly kind: 'write'; readonly path: WorkspacePath; readonly text: string }
  | { readonly kind: 'delete'; readonly path: WorkspacePath }
  | { readonly kind: 'move'; readonly path: WorkspacePath; readonly to: WorkspacePath };

/** What a tool call asks for, before anyone has judged it. A change becomes an edit once its file may be read. */
export type Proposal =
  | { readonly kind: 'effect'; readonly effect: Exclude<Effect, { kind: 'edit' | 'command' }> }
  | { readonly kind: 'change'; readonly change: Change }
  | {
      readonly kind: 'command';
      readonly text: string;
      readonly folder: WorkspacePath;
      readonly timeoutMs: number;
      readonly background?: true;
      /** What the agent asks for beyond what the sandbox gives by itself. */
      readonly network?: true;
      readonly outside?: true;
    };
