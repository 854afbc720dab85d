import type { LineFile } from '../io/files/lineFile.ts';

/** What was given after the command and the path. Options with a value hold it, switches hold the empty text. */
export type Given = {
  readonly numbers: readonly number[];
  readonly options: ReadonlyMap<string, string>;
};

/** One command that reads a log. Resolves with the exit status. */
export type Command = {
  /** How many numbers follow the path. */
  readonly numbers: number;
  /** Names of options that take a value. */
  readonly options: readonly string[];
  readonly switches: readonly string[];
  run(file: LineFile, given: Given): Promise<number>;
};
