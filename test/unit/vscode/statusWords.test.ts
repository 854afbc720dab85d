import { expect, test } from 'vitest';
import type { ChatState } from '../../../src/protocol/chatPage.ts';
import { statusWords } from '../../../src/vscode/statusWords.ts';

test.each<[ChatState['mode'], number, string, boolean]>([
  ['idle', 0, '$(shield) Warrant', false],
  ['restricted', 0, '$(shield) Warrant', false],
  ['noFolder', 0, '$(shield) Warrant', false],
  ['working', 0, '$(sync~spin) Warrant: working…', false],
  ['retrying', 0, '$(sync~spin) Warrant: retrying…', false],
  ['waiting', 0, '$(bell) Warrant: waiting for you', true],
  ['working', 1, '$(bell) Warrant: waiting for you', true],
])('%s with %i waiting reads %s', (mode, waiting, text, warns) => {
  const words = statusWords(mode, waiting);
  expect(words).toMatchObject({ text, warns });
  expect(words.label).not.toContain('$(');
});
