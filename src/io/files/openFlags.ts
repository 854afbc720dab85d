import { constants } from 'node:fs';

/** What Windows does not know counts as nothing there. */
const known: { readonly [name: string]: number | undefined } = constants;

/** Opening does not follow a link at the end of the path. */
export const NO_LINKS = known['O_NOFOLLOW'] ?? 0;

/** Opening does not wait, as a named pipe would let it. */
export const NO_WAIT = known['O_NONBLOCK'] ?? 0;

/** Opening does not take over a terminal. */
export const NO_TERMINAL = known['O_NOCTTY'] ?? 0;
