import type { CommandEffect } from '../../../src/protocol/effect.ts';
import { running } from './policyCases.ts';

export function command(line: string, folder = '', rest: Partial<CommandEffect> = {}): CommandEffect {
  return { ...running(line, folder), confined: { network: false }, ...rest };
}
