import { troubleInWords } from '../audit/troubleInWords.ts';
import { systemClock } from '../io/clock.ts';
import { createConfinement } from '../io/confinement.ts';
import { realRoots } from '../io/files/locate.ts';
import { managedPlaces, readManagedPolicy, readPolicyToTry } from '../io/files/policyFiles.ts';
import { openLineFile } from '../io/files/lineFile.ts';
import { triedSandbox } from '../io/sandbox/triedSandbox.ts';
import { policyLayers } from '../openPolicy.ts';
import { openWhatIf } from '../openWhatIf.ts';
import { createPolicy } from '../policy/decide.ts';
import type { PolicyFile } from '../protocol/policyFile.ts';
import { parseSettings, settings as known, type Settings } from '../protocol/settings.ts';
import type { Question, WhatIf } from '../protocol/whatIf.ts';
import { inputLines } from './inputLines.ts';
import { jsonWithComments } from './jsonWithComments.ts';
import { questionIn } from './questionIn.ts';
import { DONE, say, unusable } from './terminal.ts';

type Ask = (question: Question) => Promise<WhatIf>;
type Unusable = { readonly kind: 'unusable'; readonly because: string };

/** Looking at the disk is most of the work, so some lines are looked at together. */
const AT_ONCE = 64;

/**
 * Says for each line of the input what the policy would decide, in the same order, each as soon as it is known. A line
 * that is no question ends it; those before it are answered. Nothing is performed, recorded or kept.
 */
export async function check(
  input: AsyncIterable<Uint8Array>,
  options: ReadonlyMap<string, string>,
): Promise<number> {
  const opened = await openCheck(options);
  if (opened.kind === 'unusable') return unusable(opened.because);
  let line = 1;
  let printed: Promise<void> = Promise.resolve();
  const printing: Promise<void>[] = [];
  try {
    for await (const text of inputLines(input)) {
      const found = questionIn(text);
      if (found.kind === 'unreadable') {
        await printed;
        return unusable(unread(line, found.because));
      }
      printed = print(opened.ask(found.question), printed);
      // Whoever awaits it below hears of the trouble; until then nobody does.
      printed.catch(() => undefined);
      printing.push(printed);
      if (printing.length >= AT_ONCE) await printing.shift();
      line += 1;
    }
  } catch (error) {
    await printed;
    return unusable(unread(line, troubleInWords(error)));
  }
  await printed;
  return DONE;
}

async function print(answer: Promise<WhatIf>, before: Promise<void>): Promise<void> {
  await before;
  await say(`${JSON.stringify(await answer)}\n`);
}

function unread(line: number, because: string): string {
  return `Line ${line} cannot be read: ${because}; neither it nor what follows was looked at.`;
}

async function openCheck(
  options: ReadonlyMap<string, string>,
): Promise<{ readonly kind: 'open'; readonly ask: Ask } | Unusable> {
  const dir = options.get('workspace');
  if (dir === undefined) return refused('check needs --workspace with a folder.');
  const roots = await rootsAt(dir);
  if (roots === undefined) return refused('--workspace is not a folder that can be found.');
  const settings = await settingsIn(options.get('settings'));
  if ('because' in settings) return settings;
  const managed = await managedIn(options.get('managed'));
  if ('because' in managed) return managed;
  const workspace = { roots, trusted: () => true };
  const auditFolder = settings['audit.folder'];
  const ownFolders = auditFolder === '' ? [] : [auditFolder];
  const policy = createPolicy(settings, {
    ownFolders,
    trusted: () => true,
    roots: () => roots.map((root) => root.dir),
    folders: () => roots,
    layers: await policyLayers(managed, workspace),
  });
  for (const problem of policy.problems) process.stderr.write(`${problem}\n`);
  const clock = systemClock();
  const { facts } = createConfinement({
    sandbox: triedSandbox(() => clock.id()),
    mode: () => settings['commands.sandbox'],
    ownFolders,
    home: process.env['HOME'] ?? '/',
  });
  const environment = process.env;
  return {
    kind: 'open',
    ask: openWhatIf({
      workspace,
      environment,
      clock,
      policy: () => policy,
      sandbox: facts,
      programsOnce: true,
    }),
  };
}

/** One root, named and placed as a window on this folder would have it. */
async function rootsAt(dir: string): Promise<readonly { name: string; dir: string }[] | undefined> {
  try {
    const [{ real } = { real: dir }] = await realRoots([{ name: '', dir: `${dir}/.` }]);
    const name = real.split(/[/\\]/).at(-1) ?? '';
    return [{ name: name.replaceAll(':', '-') || 'workspace', dir: real }];
  } catch {
    return undefined;
  }
}

/** What does not fit is said, and the strict value stands in its place, as in the editor. */
async function settingsIn(path: string | undefined): Promise<Settings | Unusable> {
  let value: unknown = {};
  try {
    if (path !== undefined) value = jsonWithComments(await textOf(path));
  } catch (error) {
    return refused(`--settings cannot be read: ${troubleInWords(error)}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused('--settings is not a JSON object.');
  const ours = Object.entries(value)
    .filter(([key]) => key.startsWith('warrant.'))
    .map(([key, one]): readonly [string, unknown] => [key.slice('warrant.'.length), one]);
  for (const [key] of ours)
    if (!Object.hasOwn(known, key)) process.stderr.write(`warrant.${key}: there is no such setting\n`);
  const { settings, problems } = parseSettings(Object.fromEntries(ours));
  for (const { key, because } of problems) process.stderr.write(`warrant.${key}: ${because}\n`);
  return settings;
}

async function textOf(path: string): Promise<string> {
  const file = await openLineFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.read(0, 1 << 20));
  } finally {
    await file.close();
  }
}

async function managedIn(path: string | undefined): Promise<readonly (PolicyFile | undefined)[] | Unusable> {
  if (path === undefined)
    return Promise.all(managedPlaces(process.env).map((place) => readManagedPolicy(place)));
  const file = await readPolicyToTry(path);
  return file === undefined ? refused('--managed is not a file that can be found.') : [file];
}

function refused(because: string): Unusable {
  return { kind: 'unusable', because };
}
