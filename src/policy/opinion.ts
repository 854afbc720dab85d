import type { Decision, Verdict } from '../protocol/decision.ts';

/** Looks at one thing only and says what it thinks of it, or nothing. */
export type Judge<Case> = {
  readonly name: string;
  readonly judge: (subject: Case) => Decision | undefined;
};

const STRICTNESS: { readonly [V in Verdict]: number } = { allow: 0, ask: 1, deny: 2 };

/** The strictest opinion wins, the first among equals; silence is *ask*; a judge that throws denies. */
export function strictest<Case>(judges: readonly Judge<Case>[], subject: Case): Decision {
  return strictestOf(judges.map((judge) => opinionOf(judge, subject)));
}

export function strictestOf(opinions: readonly (Decision | undefined)[]): Decision {
  let winner: Decision | undefined;
  for (const opinion of opinions) {
    if (opinion === undefined) continue;
    if (winner === undefined || STRICTNESS[opinion.verdict] > STRICTNESS[winner.verdict]) winner = opinion;
  }
  return winner ?? ask('policy.silence', 'no rule speaks about this, so it is asked');
}

function opinionOf<Case>({ name, judge }: Judge<Case>, subject: Case): Decision | undefined {
  try {
    return judge(subject);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return deny('policy.error', `the rule "${name}" failed (${what.slice(0, 200)}), so nothing was allowed`);
  }
}

export function allow(rule: string, because: string): Decision {
  return { verdict: 'allow', rule, because };
}

export function ask(rule: string, because: string): Decision {
  return { verdict: 'ask', rule, because };
}

export function deny(rule: string, because: string): Decision {
  return { verdict: 'deny', rule, because };
}
