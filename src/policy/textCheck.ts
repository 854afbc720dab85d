/** What a person could not see, or would see otherwise than the shell does. Tab and line feed are seen. */
const UNSEEN =
  /(?![\t\n ])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const EMOJI_PRESENTATION = /(\p{Extended_Pictographic})\ufe0f/gu;

/** A sentence naming the characters as U+XXXX, or nothing when all can be seen. CR LF passes; a lone CR does not. */
export function unseenCharacters(text: string): string | undefined {
  const found = text.replace(/\r\n/g, '\n').replace(EMOJI_PRESENTATION, '$1').match(UNSEEN);
  if (found === null) return undefined;
  const names = [...new Set(found)].map(codePoint);
  const more = names.length > 8 ? ` and ${names.length - 8} more` : '';
  return `it holds characters that cannot be seen: ${names.slice(0, 8).join(', ')}${more}`;
}

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
