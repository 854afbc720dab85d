import type { JSX } from 'preact';

const PATHS = {
  check: 'M3 8.5l3.2 3.2L13 5',
  cross: 'M4 4l8 8M12 4l-8 8',
  circle: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z',
  denied: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM4.3 4.3l7.4 7.4',
  spinner: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  bell: 'M8 2.5a4 4 0 0 0-4 4c0 3-1.2 4-1.2 4h10.4S12 9.5 12 6.5a4 4 0 0 0-4-4zM6.8 12.8a1.3 1.3 0 0 0 2.4 0',
  info: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 7.3v3.4M8 5.2v.3',
  warning: 'M8 2.5l6 10.8H2zM8 6.5v3.2M8 11.3v.3',
  stale: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.4',
  shield: 'M8 2l5 1.8v3.7c0 3-2 5.3-5 6.5-3-1.2-5-3.5-5-6.5V3.8zM5.7 7.8l1.7 1.7 3-3.2',
  stop: 'M5 5h6v6H5z',
  plus: 'M8 3v10M3 8h10',
  record: 'M4 2.5h8v11H4zM6 5.5h4M6 8h4M6 10.5h2.5',
  send: 'M8 13V3.5M4 7.3l4-4 4 4',
  down: 'M8 3v9.5M4 8.7l4 4 4-4',
  chevron: 'M6 4l4 4-4 4',
} as const;

export type IconName = keyof typeof PATHS;

/** A mark beside words that say the same; readers pass over it. */
export function Icon({ name, spin = false }: { name: IconName; spin?: boolean }): JSX.Element {
  return (
    <svg class={spin ? 'icon spin' : 'icon'} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
