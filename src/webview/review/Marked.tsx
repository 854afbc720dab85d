import type { JSX } from 'preact';
import { coloured, markedParts } from './markedParts.ts';
import type { Token } from './syntaxTokens.ts';

type MarkedProps = {
  readonly text: string;
  readonly marks?: readonly (readonly [number, number])[];
  readonly tokens?: readonly Token[];
};

/** Plain text as the host prepared it, in which nothing hides. */
export function Marked({ text, marks = [], tokens = [] }: MarkedProps): JSX.Element {
  return (
    <>
      {coloured(markedParts(text, marks), tokens).map(({ kind, text: part, colour }) => {
        if (kind === 'plain' && colour === undefined) return part;
        const classes = [kind === 'plain' ? '' : kind, colour === undefined ? '' : `token-${colour}`];
        return <span class={classes.join(' ').trim()}>{part}</span>;
      })}
    </>
  );
}
