import { whatIf } from './agent/whatIf.ts';
import { factsOnly, type FactsOnlyOptions } from './io/factsOnly.ts';
import { codePieces } from './policy/command/codePieces.ts';
import type { Policy } from './policy/decide.ts';
import type { Question, WhatIf } from './protocol/whatIf.ts';

export type OpenWhatIfOptions = Pick<
  FactsOnlyOptions,
  'workspace' | 'environment' | 'clock' | 'sandbox' | 'programsOnce'
> & {
  readonly policy: () => Policy;
};

/** Puts together what answers *what if*: a policy and a look at the world, and nothing by which anything is done. */
export function openWhatIf({
  policy,
  ...options
}: OpenWhatIfOptions): (question: Question) => Promise<WhatIf> {
  const world = factsOnly({
    ...options,
    piecesOf: codePieces,
    mayRead: (path, kind) => (kind === 'file' ? policy().mayRead(path) : policy().mayEnter(path)),
    looksSecret: (path) => policy().looksSecret(path),
    mayReadKnown: (facts) => policy().decideRead(facts).verdict === 'allow',
  });
  return (question) => whatIf({ world, workspace: options.workspace }, policy(), question);
}
