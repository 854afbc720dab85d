export type Verdict = 'allow' | 'ask' | 'deny';

/** The policy's verdict on an effect. `rule` names the rule ("floor.rm-root", "paths.deny"), `because` says it in words. */
export type Decision = {
  readonly verdict: Verdict;
  readonly rule: string;
  readonly because: string;
  /** On an *ask* only: a grant may lift it. Left out means no. */
  readonly grantable?: true;
};
