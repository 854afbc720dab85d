import type { LineUse } from '../protocol/commandUse.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import type { Facts, PathFacts } from '../protocol/facts.ts';
import type { ParsedLine } from './commandLine.ts';

/**
 * `parsed` is what the text says now; `folder` what the disk says about the folder the command would run in; `use` what
 * the line would do by the specifications of its programs.
 */
export type CommandCase = {
  readonly effect: CommandEffect;
  readonly parsed: ParsedLine;
  readonly folder: PathFacts | undefined;
  readonly use: LineUse;
  readonly facts: Facts;
};
