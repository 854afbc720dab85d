import { digestOfJson, type Digest } from '../protocol/digest.ts';
import type { ToolCall } from '../protocol/message.ts';

/** A reached limit is a question to the person, never silence. */
export type Reached = { readonly question: string; readonly options: readonly [goOn: string, stop: string] };

/** Counts one turn. `allowMore` is called when the person said to go on. */
export type TurnLimits = {
  beforeRequest(tokens: number): Reached | undefined;
  afterReply(calls: readonly ToolCall[]): Reached | undefined;
  allowMore(): void;
};

const SAME_CALLS = 3;
const FULL = 0.95;

export function createTurnLimits({
  steps,
  contextTokens,
}: {
  steps: number;
  contextTokens: number;
}): TurnLimits {
  let made = 0;
  let allowed = steps;
  let fullAllowed = false;
  let last: Digest | undefined;
  let same = 0;
  return {
    allowMore() {
      allowed = made + steps;
      fullAllowed = true;
      same = 0;
    },
    beforeRequest(tokens) {
      if (tokens > contextTokens * FULL && !fullAllowed) {
        const sizes = `about ${tokens.toLocaleString('en')} of ${contextTokens.toLocaleString('en')} tokens`;
        return ask(
          `The conversation fills the model's context window (${sizes}). Start a new session for further work, or send it anyway and see whether the model takes it.`,
          'Send anyway',
        );
      }
      if (made >= allowed)
        return ask(
          `The agent has made ${made} requests in this turn, the limit set by warrant.limits.stepsPerTurn.`,
          `Go on for ${steps} more`,
        );
      made += 1;
      return undefined;
    },
    afterReply(calls) {
      if (calls.length === 0) return undefined;
      const digest = digestOfJson(calls.map((call) => [call.name, call.arguments]));
      same = digest === last ? same + 1 : 1;
      last = digest;
      if (same < SAME_CALLS) return undefined;
      return ask(
        `The agent makes the same call for the ${SAME_CALLS}rd time in a row (${calls[0]?.name ?? ''}); it may be going in circles.`,
        'Let it go on',
      );
    },
  };
}

function ask(question: string, goOn: string): Reached {
  return { question, options: [goOn, 'Stop here'] };
}
