import type { PathUseKind } from '../../protocol/commandUse.ts';

/**
 * What a word on a command line is to its program, and so what the program does with it.
 *
 * - `text`, `number`, `pattern`, `ref`: says nothing about the world; a number that is none is unclear.
 * - `read`, `enter`, `write`: a path; `readBelow` and `writeBelow` with everything in it. `-` is standard input where
 *   it is read.
 * - `output`: a file that is written; `-` is standard output.
 * - `destination`: a file that is written, or a folder into which the other paths go under their own names.
 * - `folder`: entered, and every other path is seen from there. `folderOfWords`: only positional words are.
 * - `host`, `url`: reached over the network.
 * - `script`: a file of code that is run. `entry`: a name in the file `entriesOf` that is run. `entriesFile`: a path
 *   that takes the place of `entriesOf`.
 * - `code`: code on the command line, which nobody reads here: never understood.
 * - `command`: this word and all that follow are another command, judged by its own specification.
 * - `arguments`: this word and all that follow, flags included, are handed on to code that is already named.
 */
export type RoleName =
  | 'text'
  | 'number'
  | 'pattern'
  | 'ref'
  | 'read'
  | 'readBelow'
  | 'enter'
  | 'write'
  | 'writeBelow'
  | 'output'
  | 'destination'
  | 'folder'
  | 'folderOfWords'
  | 'host'
  | 'url'
  | 'script'
  | 'entry'
  | 'entriesFile'
  | 'code'
  | 'command'
  | 'arguments';

/** `check` looks at what data cannot say: a script of sed, a pathspec. Pure; what it gives back is added. */
export type Role = RoleName | { readonly as: RoleName; readonly check: (word: string) => Change | undefined };

/** What a flag means: `true` takes no value, a role takes one (attached, after `=`, or as the next word). */
export type Flag =
  | true
  | Role
  | {
      /** Takes a value, wherever it stands. */
      readonly value?: Role;
      /** Takes a value only where it is attached: `-i.bak`, `--color=auto`. */
      readonly attached?: Role;
      /** Takes as many words as there are roles, all of them words of their own: `--arg name value`. */
      readonly values?: readonly Role[];
      /** What else the flag changes. */
      readonly then?: Change;
    };

/**
 * The words that are no flags, in order: `first`, then `rest`, then `last` where there are at least two words. A word
 * that has no role is unclear.
 */
export type Positionals = {
  readonly first?: readonly Role[];
  readonly rest?: Role;
  readonly last?: Role;
  /** Words of the shape `NAME=value`, before any other: not counted among the others. */
  readonly assigned?: Role;
};

export type PathUse = { readonly use: PathUseKind; readonly below?: true };

/** `from` is the folder, as written, that the word is seen from, where that is not the folder of the command. */
export type PathWord = PathUse & { readonly word: string; readonly from?: string };

export type CodeWord =
  | { readonly kind: 'file'; readonly word: string; readonly from?: string }
  | { readonly kind: 'entry'; readonly word: string; readonly entry: string; readonly from?: string }
  | { readonly kind: 'workspace'; readonly because: string };

/** A command that a program starts. */
export type InnerCommand = {
  readonly argv: readonly string[];
  readonly from?: string;
  /** Where words are added that nobody knows: which ones, in words. */
  readonly more?: string;
  /** Its paths stand for everything below them. */
  readonly below?: true;
};

/** What a program, a subcommand, a flag or a word adds to the use of a command; later ones replace single values. */
export type Change = {
  readonly positionals?: Positionals;
  /** The flag stands for the first or last positional word, which therefore is not there. */
  readonly drops?: 'first' | 'last';
  /** Paths count with everything below them. */
  readonly below?: true;
  /** Holds where no word takes the role `rest`, or none is given at all where there is no such role. */
  readonly bare?: Change;
  /** Role of the words after `--`, where that is not their role before it. */
  readonly afterDashes?: 'arguments';
  /** File, seen from the command's folder, whose entries words of the role `entry` name. */
  readonly entriesOf?: string;
  readonly paths?: readonly PathWord[];
  /** Hosts, or `*` for whichever. */
  readonly network?: readonly string[];
  readonly code?: readonly CodeWord[];
  readonly inner?: readonly InnerCommand[];
  /** Words that nobody knows are added to the inner command: which ones, in words. */
  readonly adds?: string;
  /** Why this is not understood. */
  readonly unclear?: string;
  /** The shipped rule that allows the command as long as it neither writes, nor reaches out, nor runs code. */
  readonly rule?: string;
  /** No shipped rule covers this, whatever the rest says. */
  readonly asks?: true;
};

/** Flags by their spellings, separated by spaces: `'-n --lines': 'number'`. A flag that is not here is unclear. */
export type Flags = { readonly [spellings: string]: Flag };

/**
 * How the words of one program, or of one subcommand, are to be understood. What is not said here is not understood,
 * so that the command is asked about and no rule allows it.
 */
export type Spec = Change & {
  readonly flags?: Flags;
  /**
   * Flags known by their shape, as whole words; the first group, if any, is the value. Tried where no flag by name
   * fits: `[/^-\d+$/, true]`.
   */
  readonly shapes?: readonly (readonly [RegExp, Flag])[];
  /** `long`: words with a single dash are whole flags too, never bundles of letters, and may hold a value after `=`. */
  readonly style?: 'gnu' | 'long';
  /** Flags stand before every positional word; what looks like one later is a word. */
  readonly flagsFirst?: true;
  /** The first word is a bundle of letters without a dash, values following in their order: `tar xzf a.tgz`. */
  readonly dashless?: true;
  /** Subcommands by their names, separated by spaces. The flags before the subcommand are those of this level. */
  readonly subcommands?: { readonly [names: string]: Spec };
  /** Flags of this level are flags of every subcommand as well. */
  readonly inherited?: true;
  /** Takes the place of flags and positionals altogether, for programs whose words are a language. Pure. */
  readonly read?: (args: readonly string[]) => Change;
  /** It prints its arguments or looks at them as text, whatever they are: nothing on its command line is unclear. */
  readonly anyArguments?: true;
};

/**
 * What an example must come to, in words: `read a`, `read a/**` (with everything below), `enter a`, `write a`,
 * `write a/**`, `network example.org`, `code a.js`, `code package.json#test`, `code *` (something in the workspace),
 * `run ls a` (another command).
 */
export type Example = readonly [line: string, ...uses: readonly string[]];

/** Examples are words separated by spaces, single quotes around those that hold spaces. All are checked. */
export type Examples = {
  /** Understood, and the shipped rule covers it. */
  readonly allowed?: readonly Example[];
  /** Understood, with these effects; no shipped rule covers it. */
  readonly asked?: readonly Example[];
  /** Must not be understood. */
  readonly unclear?: readonly string[];
};

export type ProgramSpec = Spec & {
  /** Separated by spaces. */
  readonly names: string;
  readonly examples: Examples;
};

/** Programs that belong together. Where one example fails, every program of the family is refused. */
export type ProgramFamily = { readonly name: string; readonly programs: readonly ProgramSpec[] };
