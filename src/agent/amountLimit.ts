import { reached, type Reached } from './reached.ts';

/** From where on an amount counts against its limit; a person who lets the work go on moves it to what was used by then. */
export type Mark = { from: number };

export type AmountLimit = {
  readonly used: number;
  /** 0 is no limit. */
  readonly limit: number;
  readonly mark: Mark;
  /** Such as "This turn has used"; what was used follows. */
  readonly what: string;
  readonly words: (amount: number) => string;
  /** The name of the setting, with what it belongs to. */
  readonly setting: string;
  readonly moved?: () => void;
};

export function amountReached({
  used,
  limit,
  mark,
  what,
  words,
  setting,
  moved,
}: AmountLimit): Reached | undefined {
  if (limit === 0 || used - mark.from < limit) return undefined;
  return reached(
    `${what} ${words(used)}; the limit is set by warrant.${setting} (${words(limit)}).`,
    `Go on for ${words(limit)} more`,
    () => {
      mark.from = used;
      moved?.();
    },
  );
}
