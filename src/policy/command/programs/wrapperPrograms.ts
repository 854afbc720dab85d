import type { Change, Examples, Flags, ProgramFamily, ProgramSpec, Spec } from '../programSpec.ts';
import { READS } from './textPrograms.ts';

/** Variables that tell programs how to print or how hard to work, and not what to run, load or trust. */
const HARMLESS =
  /^(?:NODE_ENV|CI|NO_COLOR|FORCE_COLOR|CLICOLOR|COLUMNS|LINES|TZ|LANG|LANGUAGE|LC_[A-Z]+|RUST_BACKTRACE|GOOS|GOARCH|LOG_LEVEL|VERBOSE|TERM|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE)$/;

/**
 * Words of its own, then another command. What a shell does itself (`time`, `command`, `exec`) is absent on purpose:
 * a line that needs a shell must not become plain by standing behind another word.
 */
function wrapper(names: string, flags: Flags, examples: Examples, more: Spec = {}): ProgramSpec {
  return {
    names,
    positionals: { rest: 'command' },
    flags: { '--help --version': true, ...flags },
    examples,
    ...more,
  };
}

function assignment(word: string): Change | undefined {
  const name = word.slice(0, word.indexOf('='));
  return HARMLESS.test(name)
    ? undefined
    : { unclear: `what the variable ${name.slice(0, 80)} changes is not known` };
}

export const wrapperPrograms: ProgramFamily = {
  name: 'programs that start others',
  programs: [
    wrapper(
      'env',
      {
        '-i --ignore-environment -v --debug -': true,
        '-u --unset': 'text',
        '-C --chdir': 'folder',
        '-S --split-string': 'code',
      },
      {
        asked: [
          ['env'],
          ['env NODE_ENV=test CI=1 npm test --x', 'run npm test --x'],
          ['env -C src ls -l', 'enter src', 'run ls -l'],
        ],
        unclear: ["env -S 'sh -c id'", 'env LD_PRELOAD=x ls', 'env PATH=. ls', 'env --bogus ls'],
      },
      { positionals: { assigned: { as: 'text', check: assignment }, rest: 'command' } },
    ),
    wrapper('nohup', {}, { asked: [['nohup npm start', 'run npm start']] }),
    wrapper(
      'nice',
      { '-n --adjustment': 'number' },
      { asked: [['nice -n 10 make -j4', 'run make -j4']], unclear: ['nice --bogus ls'] },
      { shapes: [[/^--?[0-9]+$/, true]] },
    ),
    wrapper(
      'ionice',
      { '-c --class -n --classdata': 'text', '-t --ignore': true },
      { asked: [['ionice -c 3 ls', 'run ls']], unclear: ['ionice -p 1'] },
    ),
    wrapper(
      'timeout gtimeout',
      { '-k --kill-after -s --signal': 'text', '--preserve-status --foreground -f -p -v --verbose': true },
      {
        asked: [['timeout -k 5 30s npm test -- -x', 'run npm test -- -x']],
        unclear: ['timeout --bogus 5 ls', 'timeout ls -l'],
      },
      { positionals: { first: ['number'], rest: 'command' } },
    ),
    wrapper(
      'stdbuf',
      { '-i --input -o --output -e --error': 'text' },
      { asked: [['stdbuf -oL ls', 'run ls']] },
    ),
    wrapper(
      'setsid',
      { '-w --wait': true },
      { asked: [['setsid -w ls', 'run ls']], unclear: ['setsid -f ls'] },
    ),
    wrapper(
      'xargs gxargs',
      {
        '-0 --null -r --no-run-if-empty -t --verbose -x --exit': true,
        '-n --max-args -L --max-lines -P --max-procs -s --max-chars': 'number',
        '-I -d --delimiter -E': 'text',
        '--replace -i -e --eof -l': { attached: 'text' },
        '-a --arg-file': 'read',
      },
      {
        allowed: [['xargs -0'], ['xargs -n 1 echo', 'run echo'], ['xargs -I {} mv {} out', 'run mv {} out']],
        unclear: ['xargs --bogus ls', 'xargs -o vi', 'xargs -p rm'],
      },
      { rule: READS, adds: 'words from its standard input' },
    ),
  ],
};
