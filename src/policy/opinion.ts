import type { Decision, Verdict } from '../protocol/decision.ts';

/** Looks at one thing only and says what it thinks of it, or nothing. */
export type Judge<Case> = {
  readonly name: string;
  readonly judge: (subject: Case) => Decision | undefined;
};

const STRICTNESS: { readonly [V in Verdict]: number } = { allow: 0, ask: 2, deny: 3 };

/** An *ask* that a grant may lift is milder than one that nothing lifts: it must never hide the other. */
function strictnessOf({ verdict, grantable }: Decision): number {
  return verdict === 'ask' && grantable === true ? STRICTNESS.allow + 1 : STRICTNESS[verdict];
}

/** The strictest opinion wins, the first among equals; silence is *ask*; a judge that throws denies. */
export function strictest<Case>(judges: readonly Judge<Case>[], subject: Case): Decision {
  return strictestOf(opinionsOf(judges, subject).map(({ decision }) => decision));
}

/** What each judge says, by its name; silent ones are left out. */
export function opinionsOf<Case>(
  judges: readonly Judge<Case>[],
  subject: Case,
): readonly { readonly name: string; readonly decision: Decision }[] {
  return judges.flatMap((judge) => {
    const decision = opinionOf(judge, subject);
    return decision === undefined ? [] : [{ name: judge.name, decision }];
  });
}

export function strictestOf(opinions: readonly (Decision | undefined)[]): Decision {
  let winner: Decision | undefined;
  for (const opinion of opinions) {
    if (opinion === undefined) continue;
    if (winner === undefined || strictnessOf(opinion) > strictnessOf(winner)) winner = opinion;
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
