import type { Question, WhatIf } from '../protocol/whatIf.ts';

/** As a person writes it: a command line, or `read` or `write` and a path. Undefined where nothing is asked. */
export function questionFrom(typed: string): Question | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  const [, kind, path] = /^(read|write) +(.+)$/.exec(text) ?? [];
  if (path !== undefined && (kind === 'read' || kind === 'write')) return { kind, path };
  return { kind: 'command', text };
}

/** The answer for people, as plain text. Words of commands stand in quotes, so that none passes for a line of ours. */
export function whatIfText(asked: Question, answer: WhatIf): string {
  const { verdict, rule, because, plain, understood, argv } = answer;
  const question =
    asked.kind === 'command'
      ? `run ${JSON.stringify(asked.text)}`
      : `${asked.kind} ${JSON.stringify(asked.path)}`;
  const how =
    argv.length === 0
      ? []
      : [
          plain ? 'It would run without a shell.' : 'Only a shell could run it.',
          understood
            ? 'All of it is understood.'
            : 'Not all of it is understood: what stands below may not be all it would do.',
        ];
  return [
    `What if the agent wanted to ${question}?`,
    '',
    `${VERDICTS[verdict]} Rule: ${rule}`,
    `Reason: ${JSON.stringify(because).slice(1, -1).replaceAll('\\"', '"')}`,
    ...how,
    ...listed(
      'Commands',
      argv.map((words) => words.map(word).join(' ')),
    ),
    ...listed('Reads', answer.reads.map(word)),
    ...listed('Writes', answer.writes.map(word)),
    ...listed('Network', answer.network.map(word)),
    ...listed('Runs code of the workspace', answer.executes.map(word)),
    '',
    'Nothing was done, sent or recorded. The answer holds for the policy and the files as they are now.',
    '',
  ].join('\n');
}

const VERDICTS = {
  allow: 'Allowed without asking.',
  ask: 'You would be asked.',
  deny: 'Refused.',
} as const;

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function word(text: string): string {
  return /^[\w@%+=:,./*#-]+$/.test(text) ? text : JSON.stringify(text);
}
