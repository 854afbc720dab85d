import * as z from 'zod';
import type { Answer, Card, Choice } from '../../src/protocol/approval.ts';
import type { FileChoice } from '../../src/protocol/changeSet.ts';
import type { Approver } from '../../src/protocol/ports.ts';
import { editsIn, shownDigest } from '../../src/protocol/shownDigest.ts';
import { relativePath } from '../../src/protocol/workspacePath.ts';
import { diskStep, takeDiskStep } from './diskStep.ts';

const note = z.string().default('');

/** One answer of a script. `meanwhile` is done to the disk after the card was shown and before it is answered. */
const scriptedAnswer = z.intersection(
  z.object({ meanwhile: z.array(diskStep).default([]) }),
  z.union([
    z.object({ accept: z.literal('all'), note }),
    /** Relative path → ids of the accepted hunks. */
    z.object({
      accept: z.record(z.string(), z.array(z.string())),
      note,
      /** Relative path → hunk → the person's own text, and hunk → what they say of it. */
      edited: z.record(z.string(), z.record(z.string(), z.string())).default({}),
      notes: z.record(z.string(), z.string()).default({}),
    }),
    /** `true` is this once. */
    z.object({ allow: z.union([z.literal(true), z.enum(['session', 'always'])]), note }),
    z.object({ reject: z.string() }),
    z.object({ close: z.literal(true) }),
    z.object({ text: z.string() }),
    z.object({ stop: z.literal(true) }),
  ]),
);
export const answerScript = z.array(scriptedAnswer);
export type ScriptedAnswer = z.infer<typeof scriptedAnswer>;

export type ScriptedApproverOptions = {
  readonly workspace: string;
  readonly script: readonly ScriptedAnswer[];
  /** What to say once the script is over. */
  readonly otherwise: 'accept' | 'reject' | 'fail';
  readonly stop: () => void;
};

/** Answers cards from a script in the order they come; keeps every card for assertions. */
export function scriptedApprover(
  options: ScriptedApproverOptions,
): Approver & { readonly cards: readonly Card[] } {
  const cards: Card[] = [];
  return {
    cards,
    async ask(card, signal, shown): Promise<Answer> {
      const scripted = options.script[cards.length];
      cards.push(card);
      shown();
      for (const step of scripted?.meanwhile ?? []) await takeDiskStep(options.workspace, step);
      if (scripted !== undefined && 'stop' in scripted) {
        options.stop();
        signal.throwIfAborted();
      }
      const how = scripted !== undefined && 'close' in scripted ? 'closed' : 'script';
      const choice = choiceFor(card, scripted, options);
      return {
        card: card.id,
        digest: shownDigest(card.digest, editsIn(choice)),
        choice,
        how,
        ms: 1_000,
      };
    },
  };
}

function choiceFor(
  card: Card,
  scripted: ScriptedAnswer | undefined,
  { otherwise }: ScriptedApproverOptions,
): Choice {
  if (scripted === undefined) {
    if (otherwise === 'fail')
      throw new Error(`A card of kind ${card.kind} came after the last scripted answer.`);
    if (otherwise === 'reject') return { kind: 'reject', note: '' };
    return everything(card, '');
  }
  if ('close' in scripted || 'stop' in scripted) return { kind: 'reject', note: '' };
  if ('reject' in scripted) return { kind: 'reject', note: scripted.reject };
  if ('text' in scripted) return { kind: 'text', text: scripted.text };
  if ('allow' in scripted && scripted.allow !== true)
    return { kind: 'allow', note: scripted.note, scope: scripted.allow };
  if ('allow' in scripted || scripted.accept === 'all') return everything(card, scripted.note);
  if (card.kind !== 'edit')
    throw new Error(`The script accepts hunks, but the card is of kind ${card.kind}.`);
  const accepted = scripted.accept;
  const own = 'edited' in scripted ? scripted.edited : {};
  const said = Object.entries('notes' in scripted ? scripted.notes : {});
  const files = card.changeSet.files.map((file): FileChoice => {
    const texts = Object.entries(own[relativePath(file.path)] ?? {});
    return {
      path: file.path,
      accepted: accepted[relativePath(file.path)] ?? [],
      ...(texts.length === 0 ? {} : { edited: texts.map(([hunk, text]) => ({ hunk, text })) }),
    };
  });
  const notes = said.map(([hunk, text]) => ({ hunk, text }));
  return { kind: 'accept', files, note: scripted.note, ...(notes.length === 0 ? {} : { notes }) };
}

function everything(card: Card, said: string): Choice {
  switch (card.kind) {
    case 'edit': {
      const files = card.changeSet.files.map(({ path, hunks }) => ({
        path,
        accepted: hunks.map(({ id }) => id),
      }));
      return { kind: 'accept', files, note: said };
    }
    case 'command':
      return { kind: 'allow', note: said };
    case 'question':
    case 'limit':
      return { kind: 'text', text: card.options[0] ?? 'yes' };
  }
}
