/** A character that is not what it seems, at a UTF-16 column of a text. */
export type HiddenCharacter = {
  readonly at: number;
  readonly length: number;
  readonly code: string;
  readonly why: 'control' | 'invisible' | 'direction' | 'look-alike';
};

const PLAIN = /^[\t\n\u0020-\u007e]*$/;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Control and format characters, everything that is drawn as nothing, and every space but the space bar's. */
const HIDDEN = /(?![\t\n ])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{DI}\u2800]/gu;
const CONTROL = /\p{Cc}/u;
/** Letters that most fonts draw exactly like a Latin one. */
const LOOK_ALIKE = /[аеорсухіјѕһԁԛԝӏвкмнтАВЕКМНОРСТХІЈЅԌԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρικυχ]/u;
const LOOK_ALIKES = new RegExp(LOOK_ALIKE, 'gu');
/** Full-width and mathematical forms: nobody types them into code by accident. */
const DISGUISED_LATIN = /[\uff01-\uff5e\u{1d400}-\u{1d7ff}]/gu;
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const LATIN = /[A-Za-z]/;

/** Everything in a text that a reader would not see, would see in another place, or would take for something else. */
export function hiddenCharacters(text: string): readonly HiddenCharacter[] {
  if (PLAIN.test(text)) return [];
  const found: HiddenCharacter[] = [];
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    if (isPartOfEmoji(text, character, index)) continue;
    const why = DIRECTION.test(character) ? 'direction' : CONTROL.test(character) ? 'control' : 'invisible';
    found.push({ at: index, length: character.length, code: codePoint(character), why });
  }
  found.push(...lookAlikes(text));
  return found.sort((a, b) => a.at - b.at);
}

/** `U+202E`, or `U+1D400`. */
function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** One presentation selector after a pictograph, or a joiner between two, is how emoji are written. */
function isPartOfEmoji(text: string, character: string, at: number): boolean {
  if (character !== '\ufe0f' && character !== '\u200d') return false;
  const before = /[\p{Extended_Pictographic}\p{Emoji_Modifier}0-9#*]\ufe0f?$/u.test(
    text.slice(Math.max(0, at - 3), at),
  );
  if (character === '\ufe0f') return before && text[at - 1] !== '\ufe0f';
  return before && /^\p{Extended_Pictographic}/u.test(text.slice(at + 1, at + 3));
}

function lookAlikes(text: string): readonly HiddenCharacter[] {
  const found: HiddenCharacter[] = [];
  const add = (character: string, at: number) => {
    found.push({ at, length: character.length, code: codePoint(character), why: 'look-alike' });
  };
  for (const { 0: character, index } of text.matchAll(DISGUISED_LATIN)) add(character, index);
  if (!LOOK_ALIKE.test(text)) return found;
  const foreign = hasForeignLetters(text);
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!LATIN.test(word) && foreign) continue;
    for (const twin of word.matchAll(LOOK_ALIKES)) add(twin[0], index + twin.index);
  }
  return found;
}

/** Letters of Cyrillic or Greek that look like no Latin letter: the text is really written in that script. */
function hasForeignLetters(text: string): boolean {
  return /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text.replace(LOOK_ALIKES, ''));
}
