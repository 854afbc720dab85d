import type { Started } from './started.ts';

const NAME_TESTS = /^-(?:i?name|i?path|i?wholename|i?regex|i?lname)$/;
const EXECUTES = /^-(?:exec|execdir|ok|okdir)$/;

/** Already more than the floor looks through before it refuses. */
const MOST_STARTED = 6_000;

/** The files a `find` would come upon, as paths and patterns: its starting folders, narrowed where a test names files. */
export function findPlaces(args: readonly string[]): readonly string[] {
  const { starts, tests } = parts(args);
  const names = narrowedBy(tests);
  if (names === undefined) return starts;
  return starts.flatMap((start) => names.map((name) => (name.startsWith('/') ? name : `${start}/${name}`)));
}

/** What a `find` would start; deleting by itself counts as removing what it finds, with everything in it. */
export function findStarts(args: readonly string[]): readonly Started[] {
  const places = findPlaces(args);
  const started: Started[] = [];
  if (args.includes('-delete')) started.push({ kind: 'argv', argv: ['rm', '-rf', '--', ...places] });
  for (const [index, arg] of args.entries()) {
    if (!EXECUTES.test(arg)) continue;
    const rest = args.slice(index + 1);
    const end = rest.findIndex((word) => word === ';' || word === '+');
    const command = end === -1 ? rest : rest.slice(0, end);
    if (command.length === 0) continue;
    if (started.length > MOST_STARTED) return started;
    for (const place of places)
      started.push({ kind: 'argv', argv: command.map((word) => word.replaceAll('{}', place)) });
  }
  return started;
}

function parts(args: readonly string[]): { starts: readonly string[]; tests: readonly string[] } {
  let at = 0;
  while (/^-(?:[HLP]|O\d?|D)$/.test(args[at] ?? '')) at += args[at] === '-D' ? 2 : 1;
  const first = args.findIndex((arg, index) => index >= at && /^(?:-.|\(|!)/.test(arg));
  const end = first === -1 ? args.length : first;
  const starts = args.slice(at, end);
  return { starts: starts.length === 0 ? ['.'] : starts, tests: args.slice(end) };
}

/** The names that tests allow; undefined when some alternative would take every file. */
function narrowedBy(tests: readonly string[]): readonly string[] | undefined {
  const names: string[] = [];
  let narrowed = false;
  for (let at = 0; at < tests.length; at += 1) {
    const test = tests[at] ?? '';
    if (test === '-o' || test === '-or' || test === ',') {
      if (!narrowed) return undefined;
      narrowed = false;
      continue;
    }
    if (test === '-empty') {
      narrowed = true;
      names.push('an empty one');
    }
    if (!NAME_TESTS.test(test)) continue;
    const pattern = tests[at + 1] ?? '';
    at += 1;
    const before = tests[at - 2] ?? '';
    if (before === '!' || before === '-not' || /^[*?.]*$/.test(pattern)) continue;
    narrowed = true;
    names.push(test.endsWith('regex') ? 'what a pattern names' : pattern);
  }
  return narrowed ? names : undefined;
}
