const STRING = /"(?:[^"\\]|\\.)*"/.source;
const COMMENT = new RegExp(`${STRING}|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, 'g');
const LAST_COMMA = new RegExp(`${STRING}|,(?=\\s*[}\\]])`, 'g');

/** JSON as VS Code lets people write it: with comments, and commas after the last entry. Throws like JSON.parse. */
export function jsonWithComments(text: string): unknown {
  const withoutComments = text.replace(COMMENT, (found) => (found.startsWith('"') ? found : ' '));
  return JSON.parse(withoutComments.replace(LAST_COMMA, (found) => (found === ',' ? '' : found)));
}
