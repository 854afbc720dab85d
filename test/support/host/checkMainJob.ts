import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditFiles, verifyAudit } from './auditFiles.ts';
import { openWarrant, type WarrantWindow } from './openWarrant.ts';
import {
  applyButton,
  armed,
  chatPage,
  clickArmed,
  lookAtEverything,
  readCard,
  reviewPage,
  sendMessage,
  until,
} from './warrantViews.ts';
import { openView, trustFolder } from './workbench.ts';
import type { Extension } from './installExtension.ts';

export interface MainJob {
  /** The folder whose copy is opened. */
  readonly template: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** This checkout when left out; a VSIX where the package is to be tried. */
  readonly extension?: Extension;
}

export interface MainJobReport {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** Does in a headless window what a person does first: trusts the folder, asks, reviews, applies, allows the command. */
export async function checkMainJob({ template, settings, extension }: MainJob): Promise<MainJobReport> {
  const window = await openWarrant({ template, settings, ...(extension === undefined ? {} : { extension }) });
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  try {
    await doMainJob(window, say);
    return { ok: true, lines };
  } catch (error) {
    say(`It stopped here: ${error instanceof Error ? error.message : String(error)}`);
    return { ok: false, lines };
  } finally {
    await window.stop();
  }
}

/** `look` is called while the review, and later the command, waits for an answer. */
export async function doMainJob(
  { page, workspace, host }: WarrantWindow,
  say: (line: string) => void,
  look: (waiting: 'review' | 'command') => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await trustFolder(page);
  say('The folder is trusted.');
  await openView(page, 'Warrant');
  const chat = await chatPage(page);
  await sendMessage(chat, 'Make the failing test pass.');
  say('The task is sent; the answer streams into the sidebar.');

  const review = await reviewPage(page);
  const before = sources(workspace);
  const names = (await review.getByRole('navigation').innerText()).replace(/\s+/g, ' ');
  say(`The review panel shows ${names}`);
  await lookAtEverything(review);
  if (sources(workspace) !== before) throw new Error('Something was written before the review was over.');
  say('Nothing is on the disk yet.');
  await armed(applyButton(review));
  await look('review');
  await clickArmed(applyButton(review));
  await until(() => Promise.resolve(sources(workspace) !== before), 'The accepted edit on the disk');
  say('The accepted edit is on the disk.');

  const card = await readCard(chat);
  say(`A command is asked for: ${(await card.locator('.card-body').innerText()).split('\n')[0] ?? ''}`);
  await armed(card.getByRole('button', { name: 'Allow once' }));
  if (await chat.getByRole('button', { name: 'To the latest' }).isVisible())
    throw new Error('The conversation did not follow to its end while the card came up.');
  await look('command');
  await clickArmed(card.getByRole('button', { name: 'Allow once' }));
  const command = chat.locator('.tool.done').filter({ hasText: 'npm test' });
  await command.waitFor({ timeout: 60_000 });
  const result = await command.locator('.tool-result').innerText();
  say(`The command ran in a terminal: ${result}`);
  if (!/exit(ed)? 0|exit status 0/i.test(result)) throw new Error(`The test did not pass: ${result}`);
  await chat.getByRole('button', { name: 'Send' }).waitFor({ timeout: 60_000 });

  const [file] = auditFiles(host.base);
  if (file === undefined) throw new Error('There is no audit file.');
  verifyAudit(file);
  say(`The record is sound: ${readFileSync(file, 'utf8').split('\n').length - 1} records in ${file}`);
}

function sources(workspace: string): string {
  const folder = join(workspace, 'src');
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\0');
}
