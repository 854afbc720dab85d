import type { Problem } from '../protocol/outcome.ts';
import { shownPath, type Root } from '../protocol/workspacePath.ts';

const MOST = 20;
const LONGEST = 300;

/** What the editor found wrong once an edit was applied, for the model; empty where there is nothing. */
export function freshProblemsText(problems: readonly Problem[], roots: readonly Root[]): string {
  if (problems.length === 0) return '';
  const lines = problems.slice(0, MOST).map(({ path, line, severity, message, source }) => {
    const said = message.replace(/\s+/g, ' ').trim();
    const cut = said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said;
    return `${shownPath(path, roots)}:${line}: ${severity}: ${cut.toWellFormed()} (${source})`;
  });
  const more = problems.length > MOST ? `\n[${problems.length - MOST} more]` : '';
  return `\nThe editor reports what it did not report before this edit:\n${lines.join('\n')}${more}`;
}
