import type { PatternPart } from '../protocol/command.ts';

/** One character of a pattern, or any number of them. */
type Step = 'many' | ((char: string) => boolean);

/** Whether a name in a folder matches; a dot in front matches only a dot that is written. Takes at most length² steps. */
export function matchName(parts: readonly PatternPart[], name: string): boolean {
  const [first] = parts;
  if (name.startsWith('.') && !(first?.kind === 'text' && first.text.startsWith('.'))) return false;
  const steps = parts.flatMap(stepsOf);
  const chars = Array.from(name);
  let step = 0;
  let at = 0;
  /** Where to go on when what follows the last `*` does not fit: one character further. */
  let back: { readonly step: number; at: number } | undefined;
  while (at < chars.length || step < steps.length) {
    const now = steps[step];
    const char = chars[at];
    if (now === 'many') {
      back = { step: step + 1, at };
      step += 1;
    } else if (now !== undefined && char !== undefined && now(char)) {
      step += 1;
      at += 1;
    } else {
      if (back === undefined || back.at >= chars.length) return false;
      back.at += 1;
      ({ step, at } = back);
    }
  }
  return true;
}

function stepsOf(part: PatternPart): readonly Step[] {
  switch (part.kind) {
    case 'many':
      return ['many'];
    case 'one':
      return [() => true];
    case 'set':
      return [(char) => part.ranges.some(([from, to]) => from <= char && char <= to) !== part.except];
    case 'text':
      return Array.from(part.text, (own) => (char: string) => char === own);
    case 'home':
      return [() => false];
  }
}
