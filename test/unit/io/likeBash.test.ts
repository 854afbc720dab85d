import { describe, expect, it } from 'vitest';
import { EVERYDAY_COMMANDS } from './everydayCommands.ts';
import { seenWithBash, seenWithUs } from './likeBash.ts';

describe('plain lines, run without a shell', () => {
  it.each(EVERYDAY_COMMANDS)(
    'print, end and leave behind what they do in bash: %s',
    async (text) => {
      expect(await seenWithUs(text)).toEqual(await seenWithBash(text));
    },
    60_000,
  );
});
