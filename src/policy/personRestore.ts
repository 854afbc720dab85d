import type { Decision } from '../protocol/decision.ts';
import { ask } from './opinion.ts';

/**
 * The rule for what a person does to get earlier texts back. What may never be written stays refused; everything else
 * is shown first, whatever the rules would let the agent do unasked.
 */
export function personRestore(decision: Decision, says: string): Decision {
  switch (decision.verdict) {
    case 'deny':
      return decision;
    case 'allow':
      return ask('person.restore', `you asked ${says}`);
    case 'ask': {
      const also = decision.rule === 'edits.ask' ? '' : `; ${decision.because}`;
      return ask('person.restore', `you asked ${says}${also}`);
    }
  }
}
