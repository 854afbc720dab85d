import { marksIn } from './marks.ts';
import { powerShellStarts } from './powerShell.ts';
import { programName } from './programName.ts';
import { SHELLS, startedBy } from './unwrap.ts';

/**
 * Code that a program is handed on its command line or its standard input. `little` marks the languages of text
 * filters (awk, sed), which are everyday tools as much as interpreters. `file` is a program file it would run.
 */
export type GivenCode = {
  readonly language: string;
  readonly text: string;
  readonly how: 'argument' | 'input' | 'file';
  readonly little: boolean;
};

type Interpreter = {
  /** Flags whose next word is code. */
  readonly flags: RegExp;
  /** Flags that take another value. */
  readonly valued: RegExp;
  /** A flag after which the rest is not a program file. */
  readonly otherwise?: RegExp;
};

const NOTHING = /^$/;
const INTERPRETERS: readonly (readonly [RegExp, Interpreter])[] = [
  [
    /^(?:python[\d.]*w?|pypy[\d.]*|ipython[\d.]*|py)$/,
    { flags: /^-[A-Za-z]*c$/, valued: /^-[WX]$/, otherwise: /^-m/ },
  ],
  [
    /^(?:node|nodejs|tsx|ts-node|bun|esbuild-runner)$/,
    {
      flags: /^(?:-[cip]*[ep]+|--eval|--print|-pe|-ep)$/,
      valued: /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file)$/,
    },
  ],
  [/^deno$/, { flags: /^eval$/, valued: NOTHING }],
  [/^(?:perl[\d.]*)$/, { flags: /^-[A-Za-z0-9]*[eE]$/, valued: /^-[IM]$/ }],
  [/^(?:j?ruby[\d.]*)$/, { flags: /^-[A-Za-z]*e$/, valued: /^-[rICE]$/ }],
  [
    /^(?:php[\d.]*)$/,
    { flags: /^-[rRBE]$|^--(?:run|process-code|process-begin|process-end)$/, valued: /^-[cdzt]$/ },
  ],
  [/^(?:lua[\d.]*|luajit|texlua)$/, { flags: /^-e$/, valued: /^-l$/ }],
  [/^osascript$/, { flags: /^-e$/, valued: /^-l$/ }],
  [
    /^(?:r|rscript|julia|elixir|iex|groovy|scala|tclsh|wish|guile|racket|sbcl|ghci|runghc|jshell|swift|crystal|raku|octave)$/,
    {
      flags: /^(?:-[eE]|--eval|--expr|-c|--code)$/,
      valued: NOTHING,
    },
  ],
  [
    /^(?:erl|emacs|vim?|nvim|ex|ed|gdb|lldb|sqlite3|psql|mysql|mongosh?)$/,
    {
      flags: /^(?:-eval|--eval|-c|--cmd|-ex|--execute|-cmd)$/,
      valued: NOTHING,
      otherwise: /^/,
    },
  ],
];

const INLINE = /^(?:--(?:eval|print|run|execute|expr)=|-e(?=[^-a-z]))([\s\S]+)$/;

export function givenCode(argv: readonly string[], input: string, hasInput: boolean): readonly GivenCode[] {
  const [word = '', ...args] = argv;
  const language = programName(word);
  if (SHELLS.has(language) || language === 'eval' || language === 'source' || language === '.')
    return shellCode(language, argv, input, hasInput);
  if (language === 'pwsh' || language === 'powershell')
    return powerShellStarts(args, input).flatMap((one) =>
      one.kind === 'script' ? [{ language, text: one.text, how: 'argument', little: false } as const] : [],
    );
  if (/^[gmn]?awk$|^busybox-awk$/.test(language)) return little(language, args, /^-[vFf]$/);
  if (/^g?sed$/.test(language)) return little(language, args, /^-[lf]$/);
  const interpreter = INTERPRETERS.find(([name]) => name.test(language))?.[1];
  return interpreter === undefined ? [] : foreignCode(language, interpreter, args, input, hasInput);
}

function shellCode(
  language: string,
  argv: readonly string[],
  input: string,
  hasInput: boolean,
): readonly GivenCode[] {
  return startedBy(argv, input).flatMap((one): readonly GivenCode[] => {
    if (one.kind === 'script') return [{ language, text: one.text, how: 'argument', little: false }];
    if (one.kind === 'input') return hasInput ? [{ language, text: input, how: 'input', little: false }] : [];
    if (one.kind === 'file' && /^\/(?:dev|proc\/[^/]+)\/fd\//.test(one.name))
      return [{ language, text: one.name, how: 'input', little: false }];
    return [];
  });
}

function foreignCode(
  language: string,
  { flags, valued, otherwise }: Interpreter,
  args: readonly string[],
  input: string,
  hasInput: boolean,
): readonly GivenCode[] {
  const found: GivenCode[] = [];
  let file: string | undefined;
  let elsewhere = false;
  for (let at = 0; at < args.length && file === undefined; at += 1) {
    const arg = args[at] ?? '';
    const inline = INLINE.exec(arg)?.[1];
    if (inline !== undefined) found.push({ language, text: inline, how: 'argument', little: false });
    else if (flags.test(arg)) {
      found.push({ language, text: args[at + 1] ?? '', how: 'argument', little: false });
      at += 1;
    } else if (/^(?:data|node):/.test(args[at + 1] ?? '') || /=data:/.test(arg))
      found.push({ language, text: `${arg} ${args[at + 1] ?? ''}`, how: 'argument', little: false });
    else if (valued.test(arg)) at += 1;
    else if (otherwise?.test(arg) === true) elsewhere = true;
    else if (arg === '-' || arg === '/dev/stdin') file = '-';
    else if (!arg.startsWith('-')) file = arg;
  }
  if (file !== undefined && file !== '-') found.push({ language, text: file, how: 'file', little: false });
  const reads = file === '-' || (file === undefined && !elsewhere && found.length === 0);
  if (reads && hasInput) found.push({ language, text: input, how: 'input', little: false });
  if (
    hasInput &&
    marksIn(input) !== '' &&
    found.some(({ text }) => /exec|eval|compile|Function|system|spawn|popen/.test(text))
  )
    found.push({ language, text: input, how: 'input', little: false });
  return found;
}

/** The first operand of a text filter is its program, and so is what follows -e. */
function little(language: string, args: readonly string[], valued: RegExp): readonly GivenCode[] {
  const texts: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '-e' || arg === '--expression' || arg === '--source') texts.push(args[(at += 1)] ?? '');
    else if (valued.test(arg)) at += 1;
    else if (!arg.startsWith('-') && texts.length === 0) texts.push(arg);
  }
  return texts.map((text) => ({ language, text, how: 'argument', little: true }));
}

/** Shell commands that code in another language holds as text: each literal, and all of them as one vector. */
export function shellIn({ language, text }: GivenCode): readonly string[] {
  if (/sed$/.test(language)) {
    const replaced = [...text.matchAll(/s([^\w\s])(?:\\.|(?!\1).)*\1((?:\\.|(?!\1).)*)\1[a-z0-9]*e/gs)];
    const run = [...text.matchAll(/(?:^|[\n;{}\d$/])\s*e\s+([^\n;]+)/g)];
    return [
      ...run.map(([, command = '']) => command),
      ...replaced.map(([, , command = '']) => command.replace(/\\(.)/g, '$1')),
    ];
  }
  if (/^(?:n?vim?|ex|ed|gdb|lldb|mysql|psql|sqlite3|emacs)$/.test(language)) {
    const bang = /(?:!|\b(?:shell|system)\s)\s*(.*)$/s.exec(text)?.[1];
    if (bang !== undefined) return [bang, bang.replace(/^["']|["')]+$/g, '')];
  }
  const literals = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/gs)].map(
    ([, double, single, tick]) => double ?? single ?? tick ?? '',
  );
  return literals.length > 1 ? [...literals, literals.join(' ')] : literals;
}
