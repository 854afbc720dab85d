import * as z from 'zod';

const amount = z.number().nonnegative();

/**
 * One day. `tokens` are those sent and received, `cost` is in the currency of the prices. From `tokensFrom` and
 * `costFrom` on the limits count: a person who let the work go on moved them.
 */
export const dayUse = z.strictObject({
  tokens: amount,
  cost: amount,
  tokensFrom: amount,
  costFrom: amount,
});
export type DayUse = z.infer<typeof dayUse>;

/** Tokens; `cached` are among `input`. `cost` is what was used while prices were known. */
export type Used = {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly cost: number;
};

/** For people to see. `priced` is false where no price is known: then the costs say nothing. */
export type UsageReport = {
  readonly turn: Used;
  readonly session: Used;
  /** All windows together, as far as this one knows. */
  readonly day: { readonly tokens: number; readonly cost: number };
  readonly priced: boolean;
  /** Whether some of it is our estimate, because the endpoint did not say. */
  readonly estimated: boolean;
};
