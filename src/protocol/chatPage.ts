import * as z from 'zod';
import type { CommandCard, QuestionCard } from './approval.ts';
import type { Verdict } from './decision.ts';
import type { PlanStep } from './effect.ts';

/** One row of the conversation, computed in the host from the records; the page only draws it. */
export type ChatRow =
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'assistant'; readonly text: string }
  | ToolRow
  | {
      readonly kind: 'notice';
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
      readonly setting?: string;
    };

export type ToolRow = {
  readonly kind: 'tool';
  readonly call: string;
  readonly tool: string;
  /** What it is about, in a few words: a path, a pattern, a command line. */
  readonly title: string;
  readonly state: 'proposed' | 'waiting' | 'running' | 'done' | 'denied' | 'rejected' | 'stale' | 'failed';
  readonly verdict?: Verdict;
  readonly rule?: string;
  readonly because?: string;
  /** What came of it, in a few words. */
  readonly result?: string;
  /** A setting that would have to change for this to be possible. */
  readonly setting?: string;
  readonly file?: { readonly path: string; readonly line?: number };
};

/** What the page needs besides the rows. */
export type ChatState = {
  readonly mode: 'restricted' | 'noFolder' | 'idle' | 'working' | 'waiting' | 'retrying';
  readonly doing: string;
  readonly provider: string;
  readonly model: string;
  readonly commandsEnabled: boolean;
  readonly tokens: { readonly used: number; readonly of: number } | null;
  readonly plan: readonly PlanStep[];
  /** Commands and questions are answered in the chat; edits in the review panel. */
  readonly card: CommandCard | QuestionCard | null;
  readonly review: { readonly files: number; readonly added: number; readonly removed: number } | null;
  readonly retryAt: number | null;
};

export type ToChatPage =
  | {
      readonly kind: 'snapshot';
      readonly rows: readonly ChatRow[];
      readonly streaming: string;
      readonly state: ChatState;
    }
  | { readonly kind: 'row'; readonly index: number; readonly row: ChatRow }
  | { readonly kind: 'delta'; readonly text: string }
  | { readonly kind: 'streamEnded' }
  | { readonly kind: 'state'; readonly state: ChatState }
  | { readonly kind: 'focusInput' }
  | { readonly kind: 'draft'; readonly text: string };

/** Everything a page says is checked by this before anyone acts on it. */
export const fromChatPage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('send'), text: z.string().min(1).max(1_000_000) }),
  z.strictObject({ kind: z.literal('stop') }),
  z.strictObject({ kind: z.literal('newSession') }),
  z.strictObject({ kind: z.literal('pickModel') }),
  z.strictObject({ kind: z.literal('openSetting'), key: z.string().max(100) }),
  z.strictObject({ kind: z.literal('manageTrust') }),
  z.strictObject({ kind: z.literal('openFolder') }),
  z.strictObject({ kind: z.literal('openAudit') }),
  z.strictObject({ kind: z.literal('openReview') }),
  z.strictObject({
    kind: z.literal('openFile'),
    path: z.string().max(4096),
    line: z.int().positive().optional(),
  }),
  z.strictObject({ kind: z.literal('openLink'), href: z.string().max(8192) }),
  /** The card is on the screen: from here the arming time runs. */
  z.strictObject({ kind: z.literal('cardVisible'), card: z.string(), digest: z.string() }),
  z.strictObject({
    kind: z.literal('answer'),
    card: z.string(),
    digest: z.string(),
    choice: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('allow'),
        note: z.string().max(10_000),
        scope: z.enum(['once', 'session', 'always']).optional(),
      }),
      z.strictObject({ kind: z.literal('reject'), note: z.string().max(10_000) }),
      z.strictObject({ kind: z.literal('text'), text: z.string().max(100_000) }),
    ]),
  }),
]);
export type FromChatPage = z.infer<typeof fromChatPage>;
