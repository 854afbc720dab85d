import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Taken } from './fileWords.ts';
import { trusted } from './trusted.ts';

type TickProps = {
  readonly taken: Taken;
  /** What is accepted by it, for screen readers and on hover. */
  readonly label: string;
  readonly words?: string;
  readonly disabled?: boolean;
  readonly choose: (accept: boolean) => void;
};

/** The box that accepts or rejects. The host decides; until it answers, the box stays as it is. */
export function Tick({ taken, label, words, disabled = false, choose }: TickProps): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return;
    box.current.checked = taken !== 'none';
    box.current.indeterminate = taken === 'some';
  });
  return (
    <label class={disabled ? 'tick disabled' : 'tick'} title={label}>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        disabled={disabled}
        onClick={trusted((event: MouseEvent) => {
          event.preventDefault();
          choose(taken !== 'all');
        })}
      />
      {words}
    </label>
  );
}
