import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { reviewedText } from '../../../src/agent/reviewedText.ts';
import { deniedText, ranText, rejectedText } from '../../../src/agent/toolResult.ts';
import { createContextWindow } from '../../../src/context/contextWindow.ts';
import { itemOf } from '../../../src/context/item.ts';
import { rehearsalModel } from '../../../src/io/rehearsal.ts';
import type { Hunk } from '../../../src/protocol/changeSet.ts';
import { contentOf } from '../../../src/protocol/content.ts';
import type { EditEffect, FileEdit } from '../../../src/protocol/effect.ts';
import type { ToolCall } from '../../../src/protocol/message.ts';
import type { ModelEvent, ModelReply } from '../../../src/protocol/model.ts';
import type { Done } from '../../../src/protocol/outcome.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import type { Window, WindowReceipt } from '../../../src/protocol/window.ts';
import { pathInRoot, relativePath, shownPath } from '../../../src/protocol/workspacePath.ts';
import { applyChoices } from '../../../src/review/applyChoices.ts';
import { changeSetOf } from '../../../src/review/changeSetOf.ts';
import { applyChange } from '../../../src/tools/applyChange.ts';
import { toolbox } from '../../../src/tools/toolbox.ts';
import { manualClock } from '../../support/manualClock.ts';

const SAMPLE = new URL('../../../sample/', import.meta.url).pathname;
const ROOTS = [{ name: 'sample', dir: '/workspace/sample' }];
const RECEIPT = { window: 1 } as WindowReceipt;
const SWITCHED_OFF = {
  verdict: 'deny',
  rule: 'commands.enabled',
  because: 'commands are switched off',
} as const;
const NEVER = new AbortController().signal;

type Person = {
  /** Which hunks are accepted, and what is said about it. `null` rejects the whole card. */
  review?(hunk: Hunk, path: string, card: number): boolean | null;
  note?(card: number): string;
  command?(files: ReadonlyMap<string, string>): string;
};

type Walk = {
  readonly replies: readonly ModelReply[];
  readonly files: Map<string, string>;
  /** The change sets that were shown: hunks for each file. */
  readonly shown: readonly (readonly { path: string; hunks: number }[])[];
  readonly commands: readonly string[];
};

/** A turn with Rehearsal in a folder that lives in memory, in the words the real gate and the real tools use. */
async function walk(
  start: ReadonlyMap<string, string>,
  person: Person,
  {
    commandsEnabled = true,
    messages = ['Fix the failing test'],
    editsRefused = false,
    listingRefused = false,
  } = {},
): Promise<Walk> {
  const { settings } = parseSettings({ 'commands.enabled': commandsEnabled });
  const tools = toolbox(settings, 'all');
  const files = new Map(start);
  const shown: { path: string; hunks: number }[][] = [];
  const commands: string[] = [];
  const replies: ModelReply[] = [];
  const context = createContextWindow({
    endpoint: 'rehearsal:',
    parameters: { model: 'Rehearsal' },
    tools: toolbox(settings, 'offered').map((tool) => itemOf(tool.definition, 'system')),
  });
  context.append(itemOf({ role: 'system', content: 'You are Warrant.' }, 'system'));

  function contentAt(path: string): ReturnType<typeof contentOf> | null {
    const text = files.get(path);
    return text === undefined ? null : contentOf(text, { bom: false, mode: 0o644 });
  }

  function performed(call: ToolCall): string {
    const tool = tools.find(({ name }) => name === call.name);
    const proposed = tool?.propose(call.arguments, ROOTS);
    if (tool === undefined || proposed?.kind !== 'proposed')
      throw new Error(`It cannot be: ${JSON.stringify(call)}`);
    const { proposal } = proposed;
    if (proposal.kind === 'command') {
      commands.push(proposal.text);
      if (!commandsEnabled) return deniedText(SWITCHED_OFF);
      return person.command?.(files) ?? rejectedText('the command', '');
    }
    if (proposal.kind !== 'effect') throw new Error('Edits are reviewed together.');
    if (listingRefused && call.name === 'list_files')
      return deniedText({ verdict: 'deny', rule: 'paths.read', because: 'no rule allows it' });
    return tool.report(
      done(proposal.effect.kind === 'read' ? relativePath(proposal.effect.path) : undefined),
      proposal,
      ROOTS,
    );
  }

  function done(read: string | undefined): Done {
    if (read === undefined) {
      const entries = [...files.keys()].map((path) => ({
        path: pathInRoot(ROOTS[0]!, path),
        kind: 'file' as const,
        size: 1,
      }));
      return { kind: 'listed', entries, omitted: 0 };
    }
    const content = contentAt(read);
    if (content === null) throw new Error(`There is no ${read}.`);
    return { kind: 'content', content };
  }

  function reviewed(calls: readonly ToolCall[]): string[] {
    const edits = calls.map((call): FileEdit => {
      const proposed = tools.find(({ name }) => name === call.name)?.propose(call.arguments, ROOTS);
      if (proposed?.kind !== 'proposed' || proposed.proposal.kind !== 'change')
        throw new Error('Not a change.');
      const { change } = proposed.proposal;
      const result = applyChange(change, contentAt(relativePath(change.path)));
      if (result.kind !== 'edit') throw new Error(result.because);
      return result.edit;
    });
    if (editsRefused)
      return calls.map(() =>
        deniedText({ verdict: 'deny', rule: 'trust', because: 'the workspace is not trusted' }),
      );
    const effect: EditEffect = { kind: 'edit', files: edits };
    const set = changeSetOf(effect);
    const card =
      shown.push(set.files.map((file) => ({ path: relativePath(file.path), hunks: file.hunks.length }))) - 1;
    const note = person.note?.(card) ?? '';
    const answer = (hunk: Hunk, path: string): boolean | null => person.review?.(hunk, path, card) ?? null;
    const choices = set.files.map((file) => ({
      path: file.path,
      accepted: file.hunks
        .filter((hunk) => answer(hunk, relativePath(file.path)) === true)
        .map(({ id }) => id),
    }));
    const accepted = applyChoices(effect, choices);
    if (accepted === null) return set.files.map((file) => rejectedText(shownPath(file.path, ROOTS), note));
    for (const { path, after } of accepted.files) {
      if (after === null) files.delete(relativePath(path));
      else files.set(relativePath(path), after.text);
    }
    return set.files.map((file, at) =>
      reviewedText({
        file,
        name: shownPath(file.path, ROOTS),
        accepted: choices[at]?.accepted ?? [],
        note,
        notes: [],
        theirs: [],
      }),
    );
  }

  for (const message of messages) {
    context.append(itemOf({ role: 'user', content: message }, 'user'));
    for (let step = 1; step < 20; step += 1) {
      const reply = await replyTo(context.window('turn'));
      replies.push(reply);
      const calls = reply.calls.map(({ id, name, arguments: args }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: args },
      }));
      context.append(
        itemOf(
          { role: 'assistant', content: reply.text, ...(calls.length === 0 ? {} : { tool_calls: calls }) },
          'assistant',
        ),
      );
      if (reply.calls.length === 0) break;
      const changes = reply.calls.filter(({ name }) => /^(edit|write|delete|move)_file$/.test(name));
      const results = changes.length === 0 ? [] : reviewed(changes);
      for (const call of reply.calls) {
        const content = changes.includes(call) ? (results[changes.indexOf(call)] ?? '') : performed(call);
        context.append(itemOf({ role: 'tool', tool_call_id: call.id, content }, 'tool'));
      }
    }
  }
  return { replies, files, shown, commands };
}

async function replyTo(window: Window): Promise<ModelReply> {
  const events: ModelEvent[] = [];
  const model = rehearsalModel({ clock: manualClock(), pace: 0 });
  for await (const event of model.send(window, RECEIPT, NEVER)) events.push(event);
  const last = events.at(-1);
  if (last?.kind !== 'ended') throw new Error(`It did not end: ${JSON.stringify(last)}`);
  expect(events.flatMap((event) => (event.kind === 'text' ? [event.text] : [])).join('')).toBe(
    last.reply.text,
  );
  expect(events.flatMap((event) => (event.kind === 'call' ? [event.name] : []))).toEqual(
    last.reply.calls.map(({ name }) => name),
  );
  return last.reply;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function firstWindow(): Window {
  const context = createContextWindow({
    endpoint: 'rehearsal:',
    parameters: { model: 'Rehearsal' },
    tools: [],
  });
  context.append(itemOf({ role: 'user', content: 'Go' }, 'user'));
  return context.window('turn');
}

/** Runs the sample's own tests on these files. */
function runSampleTests(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'warrant-sample-'));
  folders.push(folder);
  cpSync(SAMPLE, folder, { recursive: true });
  for (const [path, text] of files) writeFileSync(join(folder, path), text);
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  let code = 0;
  let head = '';
  try {
    head = execFileSync(process.execPath, ['--test'], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    ({ status: code, stdout: head } = error as { status: number; stdout: string });
  }
  return ranText({
    kind: 'ran',
    end: { kind: 'exit', code },
    output: { head, tail: '', omittedBytes: 0 },
    ms: 300,
  });
}

const sampleFiles = new Map(
  ['package.json', 'src/price.js', 'src/receipt.js', 'test/receipt.test.js'].map((path) => [
    path,
    readFileSync(join(SAMPLE, path), 'utf8'),
  ]),
);
const otherFiles = new Map([['readme.txt', 'hello\n']]);
const RAN_WELL = ranText({
  kind: 'ran',
  end: { kind: 'exit', code: 0 },
  output: { head: 'hello.md\n', tail: '', omittedBytes: 0 },
  ms: 12,
});
const said = (walked: Walk): string => walked.replies.map((reply) => reply.text).join('\n');

describe('the sample workspace', () => {
  it('has exactly one failing test', () => {
    expect(runSampleTests(sampleFiles)).toMatch(/fail 1$/m);
  });

  it('is repaired by accepting three hunks in two files', async () => {
    const walked = await walk(sampleFiles, { review: () => true, command: runSampleTests });
    expect(walked.shown).toEqual([
      [
        { path: 'src/price.js', hunks: 1 },
        { path: 'src/receipt.js', hunks: 2 },
      ],
    ]);
    expect(walked.commands).toEqual(['npm test']);
    expect(said(walked)).toContain('every test passes, the one that failed before too');
    expect(said(walked)).toContain('the edit of src/receipt.js: applied');
  });

  it('is repaired as well when the hunk of taste is rejected', async () => {
    const isTaste = (hunk: Hunk) => hunk.lines.some(({ text }) => text.includes('function label'));
    const walked = await walk(sampleFiles, { review: (hunk) => !isTaste(hunk), command: runSampleTests });
    expect(walked.shown).toHaveLength(1);
    expect(said(walked)).toContain('only the accepted hunks are applied');
    expect(said(walked)).toContain('every test passes');
    expect(walked.files.get('src/receipt.js')).not.toContain('discount');
  });

  it('is met with less when all is rejected, once', async () => {
    const walked = await walk(sampleFiles, { review: () => false, command: runSampleTests });
    expect(walked.shown[1]).toEqual([{ path: 'src/price.js', hunks: 1 }]);
    expect(walked.shown).toHaveLength(2);
    expect(said(walked)).toContain('You rejected all of it, so nothing was written.');
    expect(said(walked)).toContain('the test does not pass yet (1 failing)');
    expect(walked.files).toEqual(sampleFiles);
  });

  it('gets a note back, quoted, as one more hunk', async () => {
    const note = 'call it *off*\n*/ please';
    const walked = await walk(sampleFiles, {
      review: () => true,
      note: (card) => (card === 0 ? note : ''),
      command: runSampleTests,
    });
    expect(walked.shown[1]).toEqual([{ path: 'src/receipt.js', hunks: 1 }]);
    expect(said(walked)).toContain(`You wrote: “${note}”.`);
    expect(walked.files.get('src/receipt.js')).toContain(
      '// From the review: call it *off* */ please\nconst WIDTH',
    );
    expect(said(walked)).toContain('every test passes');
  });

  it('gets the note of a rejection into the smaller change', async () => {
    const walked = await walk(sampleFiles, {
      review: (_hunk, _path, card) => card === 1,
      note: (card) => (card === 0 ? 'round it' : ''),
      command: runSampleTests,
    });
    expect(walked.files.get('src/price.js')).toContain(
      '  // From the review: round it\n  return full - Math.round(',
    );
  });

  it('is left alone when it is repaired already', async () => {
    const { files } = await walk(sampleFiles, { review: () => true });
    const walked = await walk(files, { command: runSampleTests });
    expect(walked.shown).toEqual([]);
    expect(said(walked)).toContain('The sample is repaired already, so I propose no change.');
    expect(said(walked)).toContain('every test passes');
  });
});

describe('any other folder', () => {
  it('is offered two new files and a harmless command', async () => {
    const walked = await walk(otherFiles, { review: () => true, command: () => RAN_WELL });
    expect(walked.shown).toEqual([
      [
        { path: 'warrant-rehearsal/hello.md', hunks: 1 },
        { path: 'warrant-rehearsal/notes.md', hunks: 1 },
      ],
    ]);
    expect(walked.commands).toEqual(['ls warrant-rehearsal']);
    expect(said(walked)).toContain('The command ended well.');
    expect([...walked.files.keys()]).toEqual([
      'readme.txt',
      'warrant-rehearsal/hello.md',
      'warrant-rehearsal/notes.md',
    ]);
  });

  it('is not taken for the sample because it has a package.json', async () => {
    const files = new Map([['package.json', '{ "name": "something" }\n']]);
    const walked = await walk(files, { review: () => true });
    expect(walked.files.get('package.json')).toBe(files.get('package.json'));
    expect(walked.shown[0]).toHaveLength(2);
  });

  it('gets a smaller file when both are rejected, and nothing when that is too', async () => {
    const walked = await walk(otherFiles, { review: () => false });
    expect(walked.shown.map((files) => files.length)).toEqual([2, 1]);
    expect(walked.commands).toEqual(['ls']);
    expect(walked.files).toEqual(otherFiles);
    expect(said(walked)).toContain('You rejected the command, so nothing was run.');
  });

  it.each([
    ['both files are accepted', () => true],
    [
      'one file is accepted',
      (_hunk: Hunk, path: string, card: number) => card === 1 || path.endsWith('hello.md'),
    ],
  ])('keeps a note in a file when %s', async (_name, review) => {
    const walked = await walk(otherFiles, { review, note: (card) => (card === 0 ? 'in Latin, please' : '') });
    expect(walked.shown[1]).toEqual([{ path: 'warrant-rehearsal/notes.md', hunks: 1 }]);
    expect(walked.files.get('warrant-rehearsal/notes.md')).toContain('- From the review: in Latin, please\n');
  });

  it('is offered to be cleaned up the next time', async () => {
    const { files } = await walk(otherFiles, { review: () => true });
    const walked = await walk(files, { review: () => true });
    expect(walked.files).toEqual(otherFiles);
    expect(said(walked)).toContain('the deletion of warrant-rehearsal/hello.md: applied');
  });
});

describe('where something is off', () => {
  it('shows the refusal of a command with its setting', async () => {
    const walked = await walk(sampleFiles, { review: () => true }, { commandsEnabled: false });
    expect(walked.commands).toEqual(['npm test']);
    expect(said(walked)).toContain('the setting is warrant.commands.enabled');
    expect(said(walked)).toContain(
      'the command: the rule commands.enabled refused it, because commands are switched off',
    );
  });

  it('goes on without edits that are refused', async () => {
    const walked = await walk(sampleFiles, { command: runSampleTests }, { editsRefused: true });
    expect(walked.shown).toEqual([]);
    expect(said(walked)).toContain(
      'src/price.js: the rule trust refused it, because the workspace is not trusted',
    );
    expect(walked.replies.at(-1)?.finish).toBe('stop');
  });

  it('ends when it may not look around', async () => {
    const walked = await walk(otherFiles, {}, { listingRefused: true });
    expect(walked.replies).toHaveLength(2);
    expect(said(walked)).toContain('I could not look around: the rule paths.read refused it');
  });
});

describe('Rehearsal', () => {
  it('says at once that it is a script and no model', async () => {
    const [first] = (await walk(otherFiles, {})).replies;
    expect(first?.text).toMatch(/^I am Rehearsal: a fixed script inside Warrant and not a model\./);
    expect(first?.calls.map(({ name }) => name)).toEqual(['update_plan', 'list_files']);
  });

  it('has nothing more to say to a second message', async () => {
    const walked = await walk(otherFiles, {}, { messages: ['Go', 'And now?'] });
    expect(walked.replies.at(-1)).toMatchObject({
      calls: [],
      text: expect.stringContaining('start a new session to see it again') as string,
    });
  });

  it('has its plan done before it sums up', async () => {
    const { replies } = await walk(otherFiles, { review: () => true });
    const plans = replies.flatMap(({ calls }) => calls.filter(({ name }) => name === 'update_plan'));
    expect(plans).toHaveLength(4);
    expect(plans.at(-1)?.arguments.match(/"done"/g)).toHaveLength(4);
  });

  it('gives every call of a session an id of its own', async () => {
    const { replies } = await walk(sampleFiles, { review: () => false });
    const ids = replies.flatMap(({ calls }) => calls.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('speaks at its pace and stops in the middle of a sentence', async () => {
    const clock = manualClock();
    const stop = new AbortController();
    const events: ModelEvent[] = [];
    const heard = (async () => {
      for await (const event of rehearsalModel({ clock, pace: 20 }).send(firstWindow(), RECEIPT, stop.signal))
        events.push(event);
    })();
    await clock.sleeping(1);
    expect(events).toEqual([{ kind: 'text', text: 'I' }]);
    await clock.advance(20);
    expect(events.at(-1)).toEqual({ kind: 'text', text: ' am' });
    stop.abort();
    await heard;
    expect(events.slice(2)).toEqual([
      { kind: 'failed', failure: expect.objectContaining({ kind: 'stopped' }) as unknown },
    ]);
  });

  it('does not begin when it is stopped already', async () => {
    const events: ModelEvent[] = [];
    const model = rehearsalModel({ clock: manualClock(), pace: 0 });
    for await (const event of model.send(firstWindow(), RECEIPT, AbortSignal.abort())) events.push(event);
    expect(events).toMatchObject([{ kind: 'failed', failure: { kind: 'stopped', again: false } }]);
  });
});
