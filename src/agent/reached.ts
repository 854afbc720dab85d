/** A reached limit is a question to the person, never silence. `extend` allows the same amount again from here. */
export type Reached = {
  readonly question: string;
  readonly options: readonly [goOn: string, stop: string];
  extend(): void;
};

export function reached(question: string, goOn: string, extend: () => void): Reached {
  return { question, options: [goOn, 'Stop here'], extend };
}
