import { textRead, verdictOf, type Conversation, type Told, type Verdict } from './rehearsalConversation.ts';
import {
  sampleEdits,
  sampleNoteEdit,
  SAMPLE_FILES,
  SCRATCH_FOLDER,
  scratchEdits,
  scratchNoteEdit,
  scratchRemovals,
  smallerSampleEdit,
  smallerScratchEdit,
  type ScriptedCall,
} from './rehearsalEdits.ts';

export type Scripted = { readonly text: string; readonly calls: readonly ScriptedCall[] };

const STEPS = ['Look around', 'Propose a change', 'Ask to run a command', 'Say what came of it'];
const CHANGES = new Set(['edit_file', 'write_file', 'delete_file', 'move_file']);

/** What the script knows about the folder, from its own calls. */
type Place = {
  readonly kind: 'sample' | 'other';
  /** Stands before each path where a window has several folders. */
  readonly prefix: string;
  readonly paths: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, string>;
};

/** The next line of the script: a pure function of the conversation so far. */
export function rehearse(conversation: Conversation): Scripted {
  const { turn, rounds } = conversation;
  if (turn > 1)
    return say(
      'The script of Rehearsal is over; start a new session to see it again. For a task of your own, choose a model.',
    );
  const calls = rounds.flat();
  const listing = calls.find(({ name }) => name === 'list_files');
  if (listing === undefined) return opening();
  const listed = verdictOf(listing.result);
  if (listed.kind !== 'told')
    return say(
      `I could not look around: ${reason(listed)}. So there is nothing I could change, and the script ends here.`,
    );

  const manifest = manifestIn(listing.result);
  const looked = calls.find(({ name, path }) => name === 'read_file' && path === manifest);
  if (manifest !== undefined && looked === undefined)
    return {
      text: `There is a ${manifest}. I read it to see whether this is the sample workspace of Warrant.`,
      calls: [call('read_file', { path: manifest })],
    };
  const place = placeOf(calls, listing, manifest, looked);
  if (
    place.kind === 'sample' &&
    !calls.some(({ path }) => path === `${place.prefix}${SAMPLE_FILES[0] ?? ''}`)
  )
    return readingSample(place);

  const proposals = rounds
    .map((round) => round.filter(({ name }) => CHANGES.has(name)))
    .filter((round) => round.length > 0);
  const [first, second] = proposals;
  if (first === undefined) {
    const proposal = firstProposal(place);
    if (proposal !== undefined) return proposal;
  } else if (second === undefined) {
    const again = secondProposal(place, first);
    if (again !== undefined) return again;
  }
  if (stepReached(calls) < 3) return running(conversation, place, proposals.at(-1) ?? []);
  if (stepReached(calls) <= STEPS.length) return afterRunning(calls);
  return summary(conversation, proposals);
}

function opening(): Scripted {
  return {
    text: 'I am Rehearsal: a fixed script inside Warrant and not a model. I do not understand what you wrote, nothing leaves this machine, and I need no key. I walk through what an agent does here: it looks, it proposes a change, it asks to run a command. Your rules and you decide about each, and all of it is put on the record.\n\nFirst a plan, and a look at the folder.',
    calls: [plan(1), call('list_files', { depth: 2 })],
  };
}

function readingSample({ prefix }: Place): Scripted {
  return {
    text: 'This is the sample workspace: a till that prints receipts, with a mistake in it. I read the test that fails and the two files behind it. Reading is decided by rule; each row says by which.',
    calls: SAMPLE_FILES.map((path) => call('read_file', { path: prefix + path })),
  };
}

function firstProposal(place: Place): Scripted | undefined {
  if (place.kind === 'sample') {
    const edits = sampleEdits(place.texts, place.prefix);
    if (edits.length === 0) return undefined;
    return {
      text: 'I propose changes to two files. src/price.js: a discount is written in percent but taken off as if it were a fraction. src/receipt.js: the total forgets quantities and discounts, and, as a hunk of its own, a row says which discount was given. The test needs the first two; the last is a matter of taste: reject that hunk if you like, or write me a note.',
      calls: [plan(2), ...edits],
    };
  }
  const removals = scratchRemovals(place.paths);
  if (removals.length > 0)
    return {
      text: `An earlier rehearsal left its files in ${SCRATCH_FOLDER}. I propose to delete them; that is shown and decided like any other change.`,
      calls: [plan(2), ...removals],
    };
  return {
    text: `This is not the sample workspace, so I leave your files alone. I propose two new files in a folder of their own, ${SCRATCH_FOLDER}. Accept both, one or none, and write me a note if you like.`,
    calls: [plan(2), ...scratchEdits()],
  };
}

/** A note is quoted and becomes part of a further proposal; a plain rejection brings a smaller one, once. */
function secondProposal(place: Place, first: readonly Told[]): Scripted | undefined {
  const verdicts = first.map(({ result }) => verdictOf(result));
  const note = noteIn(verdicts);
  const nothingApplied = verdicts.every(({ kind }) => kind === 'rejected');
  const quoted = note === '' ? '' : ` You wrote: “${note}”.`;
  const removed = first.some(({ name }) => name === 'delete_file');
  if (nothingApplied && !removed) {
    const calls =
      place.kind === 'sample' ? smallerSampleEdit(place.texts, place.prefix, note) : smallerScratchEdit(note);
    const text = `You rejected all of it, so nothing was written.${quoted} I try once more with less: a single hunk${note === '' ? '' : ', with your note in it'}. Reject it too and I go on without.`;
    return calls.length === 0 ? undefined : { text, calls };
  }
  if (note === '' || removed) return undefined;
  const written = first.some(
    ({ path, result }) => path.endsWith('notes.md') && verdictOf(result).kind === 'applied',
  );
  const calls =
    place.kind === 'sample'
      ? sampleNoteEdit(place.texts, place.prefix, note)
      : scratchNoteEdit(note, written);
  const text = `${applied(first)}${quoted} A model would change its work accordingly. I am a script, so I propose one more hunk that keeps your note in the file.`;
  return calls.length === 0 ? undefined : { text, calls };
}

function running({ offered, rounds }: Conversation, place: Place, latest: readonly Told[]): Scripted {
  const changed = rounds
    .flat()
    .some(({ name, result }) => name === 'write_file' && verdictOf(result).kind.startsWith('applied'));
  const command = place.kind === 'sample' ? 'npm test' : changed ? `ls ${SCRATCH_FOLDER}` : 'ls';
  const before = latest.length === 0 ? noChange(place) : applied(latest);
  const ask = [plan(3), call('run_command', { command })];
  // It is asked for all the same: a refusal is a part of the walk, and its row names the setting.
  if (!offered.has('run_command'))
    return {
      text: `${before} Now I ask to run \`${command}\`. Commands are switched off here, so it is going to be refused: the setting is warrant.commands.enabled, and only you can change it, not a repository.`,
      calls: ask,
    };
  const why = place.kind === 'sample' ? 'That shows whether the test passes now.' : 'It only lists names.';
  return {
    text: `${before} Now I ask to run \`${command}\`. ${why} You see the exact arguments first; nothing is run until it is allowed.`,
    calls: ask,
  };
}

function noChange({ texts }: Place): string {
  const read = (texts.get('src/receipt.js') ?? '') !== '';
  return read
    ? 'The sample is repaired already, so I propose no change.'
    : 'I could not read the files, so I propose no change.';
}

function afterRunning(calls: readonly Told[]): Scripted {
  return { text: ranSentence(calls), calls: [plan(STEPS.length + 1)] };
}

function summary({ rounds }: Conversation, proposals: readonly (readonly Told[])[]): Scripted {
  const lines = proposals
    .flat()
    .map(({ name, path, result }) => `- ${VERBS[name] ?? name} ${path}: ${short(verdictOf(result))}`);
  const command = rounds.flat().find(({ name }) => name === 'run_command');
  if (command !== undefined) lines.push(`- the command: ${shortRun(command.result)}`);
  return say(
    `What came of it:\n${lines.join('\n')}\n\nEach step, what you were shown and what you answered stands on the record. That was the whole script.`,
  );
}

function ranSentence(calls: readonly Told[]): string {
  const result = calls.findLast(({ name }) => name === 'run_command')?.result ?? '';
  const verdict = verdictOf(result);
  if (verdict.kind === 'rejected')
    return `You rejected the command, so nothing was run.${verdict.note === '' ? '' : ` You wrote: “${verdict.note}”.`} I do not ask again.`;
  if (verdict.kind === 'refused' || verdict.kind === 'not done')
    return `The command was not run: ${reason(verdict)}. A refusal is an answer: I do not try another way.`;
  const failed = /^\S*\s*fail (\d+)$/m.exec(result)?.[1];
  const exit = /^Exit status (\d+)/.exec(result)?.[1];
  if (failed === '0' && exit === '0')
    return 'The command ended well: every test passes, the one that failed before too.';
  if (failed !== undefined && failed !== '0')
    return `The command ran, and the test does not pass yet (${failed} failing): not all of the change was accepted.`;
  if (exit === '0') return 'The command ended well.';
  return `The command did not end well: ${result.split('\n', 1)[0] ?? ''}`;
}

function applied(told: readonly Told[]): string {
  return told.map(({ path, result }) => `${path}: ${short(verdictOf(result))}.`).join(' ');
}

const VERBS: { readonly [tool: string]: string | undefined } = {
  edit_file: 'the edit of',
  write_file: 'the new file',
  delete_file: 'the deletion of',
};

function short(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'applied':
      return 'applied';
    case 'applied in part':
      return 'only the accepted hunks are applied';
    case 'rejected':
      return 'you rejected it, and nothing was written';
    case 'refused':
    case 'not done':
      return reason(verdict);
    case 'told':
      return 'done';
  }
}

function shortRun(result: string): string {
  const verdict = verdictOf(result);
  if (verdict.kind === 'rejected') return 'you rejected it, and nothing was run';
  if (verdict.kind !== 'told') return short(verdict);
  return `run; ${(result.split('\n', 1)[0] ?? '').replace(/^E/, 'e').replace(/\.$/, '')}`;
}

function reason(verdict: Verdict): string {
  if (verdict.kind === 'refused') return `the rule ${verdict.rule} refused it, because ${verdict.because}`;
  return verdict.kind === 'not done' ? verdict.because : 'it was not allowed';
}

function noteIn(verdicts: readonly Verdict[]): string {
  return (
    verdicts.flatMap((verdict) => ('note' in verdict && verdict.note !== '' ? [verdict.note] : []))[0] ?? ''
  );
}

function placeOf(
  calls: readonly Told[],
  listing: Told,
  manifest: string | undefined,
  looked: Told | undefined,
): Place {
  const prefix = manifest?.slice(0, -'package.json'.length) ?? '';
  const isSample = textRead(looked?.result ?? '').includes('"name": "warrant-sample"');
  const read = calls.filter(({ name }) => name === 'read_file');
  return {
    kind: isSample ? 'sample' : 'other',
    prefix,
    paths: new Set(listing.result.split('\n')),
    texts: new Map(read.map(({ path, result }) => [path.slice(prefix.length), textRead(result)])),
  };
}

/** The package.json of the first folder, as the listing names it. */
function manifestIn(listing: string): string | undefined {
  return listing.split('\n').find((line) => /^([^/:]+:)?package\.json$/.test(line));
}

function stepReached(calls: readonly Told[]): number {
  return Math.max(0, ...calls.map(({ step }) => step));
}

function plan(active: number): ScriptedCall {
  const state = (at: number): string => (at + 1 < active ? 'done' : at + 1 === active ? 'active' : 'waiting');
  return call('update_plan', { steps: STEPS.map((text, at) => ({ text, state: state(at) })) });
}

function call(name: string, args: ScriptedCall['arguments']): ScriptedCall {
  return { name, arguments: args };
}

function say(text: string): Scripted {
  return { text, calls: [] };
}
