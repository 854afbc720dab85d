import type { JSX } from 'preact';
import { markedParts } from './markedParts.ts';

type Marks = readonly (readonly [number, number])[];

/** Plain text as the host prepared it, in which nothing hides. */
export function Marked({ text, marks = [] }: { text: string; marks?: Marks }): JSX.Element {
  return (
    <>
      {markedParts(text, marks).map((part) => {
        switch (part.kind) {
          case 'plain':
            return part.text;
          case 'differs':
            return <span class="differs">{part.text}</span>;
          case 'unseen':
            return <span class="unseen">{part.text}</span>;
        }
      })}
    </>
  );
}
