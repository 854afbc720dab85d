import type { ChangeSet, FileChoice, HunkNote } from './changeSet.ts';
import type { LineUse } from './commandUse.ts';
import type { Decision } from './decision.ts';
import type { Digest } from './digest.ts';
import type { CommandEffect, EditEffect } from './effect.ts';
import type { ExecutableFacts } from './facts.ts';
import type { ApprovalScope, GrantScope } from './grant.ts';

/** What a person is asked. `digest` names exactly what is shown; `again` says why it is asked once more. */
export type Card =
  | {
      readonly kind: 'edit';
      readonly id: string;
      readonly digest: Digest;
      readonly effect: EditEffect;
      readonly changeSet: ChangeSet;
      readonly why: Decision;
      readonly again?: string;
      /** The agent's own words, unverified; drawn apart, as plain text. */
      readonly claim: string;
    }
  | {
      readonly kind: 'command';
      readonly id: string;
      readonly digest: Digest;
      readonly effect: CommandEffect;
      /** What it would do, as far as it is understood. */
      readonly use: LineUse;
      readonly executables: readonly ExecutableFacts[];
      /** What confines it; left out where nobody looked. */
      readonly confined?:
        | { readonly kind: 'in'; readonly by: 'bubblewrap' | 'seatbelt'; readonly network: 'off' | 'all' }
        | { readonly kind: 'out'; readonly because: string };
      /** How long an approval may last besides this once. Left out where it may not. */
      readonly scopes?: readonly GrantScope[];
      readonly why: Decision;
      readonly again?: string;
      readonly claim: string;
    }
  | {
      readonly kind: 'question';
      readonly id: string;
      readonly digest: Digest;
      readonly text: string;
      readonly options: readonly string[];
    }
  /** Asked by the product, not by the model: a limit was reached. */
  | {
      readonly kind: 'limit';
      readonly id: string;
      readonly digest: Digest;
      readonly text: string;
      readonly options: readonly string[];
    };

export type EditCard = Extract<Card, { kind: 'edit' }>;
export type CommandCard = Extract<Card, { kind: 'command' }>;
export type QuestionCard = Extract<Card, { kind: 'question' | 'limit' }>;

export type Choice =
  | {
      readonly kind: 'accept';
      readonly files: readonly FileChoice[];
      readonly note: string;
      readonly notes?: readonly HunkNote[];
    }
  /** `scope` must be one that the card offers; left out it is this once. */
  | { readonly kind: 'allow'; readonly note: string; readonly scope?: ApprovalScope | undefined }
  | { readonly kind: 'reject'; readonly note: string; readonly notes?: readonly HunkNote[] }
  | { readonly kind: 'text'; readonly text: string };

/**
 * `digest` names what stood on the page, the person's own text included: see `shownDigest`. `how` says by what gesture;
 * `ms` is from the moment it could first be seen to the answer.
 */
export type Answer = {
  readonly card: string;
  readonly digest: Digest;
  readonly choice: Choice;
  readonly how: 'button' | 'command' | 'closed' | 'script';
  readonly ms: number;
};
