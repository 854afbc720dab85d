/**
 * What the loose reading writes into text in place of what it cannot know. Text that a line holds literally never
 * contains these characters: the text check refused them.
 */
export const UNKNOWN = '\u0002';
/** Came from the network. */
export const DOWNLOADED = '\u0005';
/** Was decoded or rewritten by another program, so that nobody could read it. */
export const HIDDEN = '\u0006';
/** The process id of what may be the editor or its extension host. */
export const HOST_PROCESS = '\u0007';
/** Where an unquoted expansion splits a word. */
export const SPLIT = '\u0001';

/** Where a list of arguments is split even inside double quotes. */
export const NEXT = '\u0004';

const MARKS = /[\u0001-\u0007]/g;

/** Text as it reads when everything unknown turns out empty, as an unset variable does. */
export function known(text: string): string {
  return text.replace(MARKS, '');
}

/** The marks of one text, so that what is made from it carries them on. */
export function marksIn(text: string): string {
  return [DOWNLOADED, HIDDEN, HOST_PROCESS, UNKNOWN].filter((mark) => text.includes(mark)).join('');
}
