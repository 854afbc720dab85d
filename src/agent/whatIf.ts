import type { Decision } from '../protocol/decision.ts';
import { digestOf } from '../protocol/digest.ts';
import type { Content, Effect } from '../protocol/effect.ts';
import type { Question, WhatIf } from '../protocol/whatIf.ts';
import { parseWorkspacePath, type WorkspacePath } from '../protocol/workspacePath.ts';
import { namesInUse } from './effectOnRecord.ts';
import type { Judge } from './judged.ts';
import { judgement, undecided, type Surroundings } from './judgement.ts';
import { commandEffect, readCommand, type CommandProposal } from './readCommand.ts';

/** As the tool has it where the settings say nothing; a verdict depends on it only above ten minutes. */
const TIMEOUT_MS = 60_000;

/**
 * What the gate would decide now. Shares with it how a text becomes an effect and how that is judged; nothing is
 * performed, recorded or asked, and no warrant is issued. Never rejects.
 */
export async function whatIf(around: Surroundings, judge: Judge, question: Question): Promise<WhatIf> {
  const { roots } = around.workspace;
  const written = question.kind === 'command' ? (question.folder ?? '.') : question.path;
  if (written === '' || (question.kind === 'command' && question.text === ''))
    return nothing({ verdict: 'deny', rule: 'call.invalid', because: 'nothing is named' });
  const parsed = parseWorkspacePath(written, roots);
  if (parsed.kind === 'refused') {
    const because = `the path ${JSON.stringify(written.slice(0, 200))} is refused: ${parsed.because}`;
    return nothing({ verdict: 'deny', rule: 'call.invalid', because });
  }
  const { path } = parsed;
  try {
    switch (question.kind) {
      case 'command': {
        const { text } = question;
        return await ifRun(around, judge, { kind: 'command', text, folder: path, timeoutMs: TIMEOUT_MS });
      }
      case 'read':
        return { ...(await ifTouched(around, judge, { kind: 'read', path })), reads: [path] };
      case 'write':
        return { ...(await ifTouched(around, judge, await editOf(around, path))), writes: [path] };
    }
  } catch (error) {
    return nothing(undecided(error));
  }
}

async function ifRun(around: Surroundings, judge: Judge, proposal: CommandProposal): Promise<WhatIf> {
  const parsed = await readCommand(around, proposal);
  if (parsed.kind === 'refused')
    return nothing({ verdict: 'deny', rule: 'commands.text', because: parsed.because });
  const { line } = parsed;
  const effect = await commandEffect({ ...around, judge: () => judge }, line, proposal);
  const { decision, use = { commands: [], understood: false } } = await judgement(around, judge, effect);
  const argv =
    line.kind === 'plain'
      ? line.steps.flatMap(({ pipeline }) => pipeline.map((command) => command.argv))
      : use.commands.map((command) => command.argv);
  return {
    ...said(decision),
    plain: line.kind === 'plain',
    understood: use.understood,
    argv,
    ...namesInUse(use),
  };
}

async function ifTouched(around: Surroundings, judge: Judge, effect: Effect): Promise<WhatIf> {
  const { decision } = await judgement(around, judge, effect);
  return { ...nothing(decision), plain: true, understood: true };
}

/** An edit of a file that is there takes reading it as well; what would stand in it is not looked at. */
async function editOf({ world }: Surroundings, path: WorkspacePath): Promise<Effect> {
  const { state } = await world.pathFacts(path);
  const some: Content = { text: '', bom: false, eol: 'none', mode: 0o644, digest: digestOf('') };
  return { kind: 'edit', files: [{ path, before: state === 'absent' ? null : some, after: some }] };
}

/** Without what only an *ask* has: the answer is the same for every kind of question. */
function said({ verdict, rule, because }: Decision): Pick<WhatIf, 'verdict' | 'rule' | 'because'> {
  return { verdict, rule, because };
}

function nothing(decision: Decision): WhatIf {
  return {
    ...said(decision),
    plain: false,
    understood: false,
    argv: [],
    reads: [],
    writes: [],
    network: [],
    executes: [],
  };
}
