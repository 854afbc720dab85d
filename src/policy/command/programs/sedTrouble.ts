/** Commands of sed that only look at the text that passes, without an argument. */
const PLAIN = new Set('p P d D = n N g G h H x z F'.split(' '));

/** Thrown inside this file only, caught by sedTrouble. */
class NotPlain extends Error {}

/**
 * Says what keeps a script of sed from being understood; nothing when it only changes the text that passes. Positive:
 * what is not known here, and what two kinds of sed may read in two ways, is trouble.
 */
export function sedTrouble(script: string): string | undefined {
  try {
    let at = 0;
    while (at < script.length) at = commandAt(script, at);
    return undefined;
  } catch (error) {
    if (error instanceof NotPlain) return error.message;
    throw error;
  }
}

function commandAt(script: string, start: number): number {
  let at = skip(script, start, /[\s;{}]/);
  if (at >= script.length) return at;
  at = addresses(script, at);
  const command = script[at] ?? '';
  if (command === '') throw new NotPlain('a script of sed ends in an address');
  if (command === '{') return at + 1;
  at += 1;
  if (command === '#') return endOfLine(script, at);
  if (PLAIN.has(command)) return endOfCommand(script, at);
  if (command === 'l' || command === 'q' || command === 'Q')
    return endOfCommand(script, skip(script, skip(script, at, /[ \t]/), /[0-9]/));
  if (command === 's') {
    const replaced = section(script, section(script, at + 1, script[at]), script[at]);
    return endOfCommand(script, skip(script, replaced, /[gpiIM0-9]/));
  }
  if (command === 'y')
    return endOfCommand(script, section(script, section(script, at + 1, script[at]), script[at]));
  if (command === 'b' || command === 't' || command === 'T' || command === ':') {
    const label = /^[ \t]*[A-Za-z0-9_.-]*/.exec(script.slice(at))?.[0] ?? '';
    return endOfCommand(script, at + label.length);
  }
  if (command === 'a' || command === 'i' || command === 'c') return text(script, at);
  throw new NotPlain(`the command ${command} of sed may read, write or start something`);
}

/** Up to two addresses and a `!`. */
function addresses(script: string, start: number): number {
  let at = address(script, start);
  if (at > start) {
    const comma = skip(script, at, /[ \t]/);
    if (script[comma] === ',') at = address(script, skip(script, comma + 1, /[ \t]/));
    at = skip(script, at, /[ \t]/);
  }
  while (script[at] === '!') at = skip(script, at + 1, /[ \t]/);
  return at;
}

function address(script: string, at: number): number {
  const numbers = /^(?:\$|[0-9]+(?:~[0-9]+)?|[+~][0-9]+)/.exec(script.slice(at))?.[0];
  if (numbers !== undefined) return at + numbers.length;
  if (script[at] === '/') return skip(script, section(script, at + 1, '/'), /[IM]/);
  if (script[at] === '\\') return skip(script, section(script, at + 2, script[at + 1]), /[IM]/);
  return at;
}

/** From behind one delimiter to behind the next. */
function section(script: string, start: number, delimiter: string | undefined): number {
  if (delimiter === undefined || /[\s\\;{}A-Za-z0-9]/.test(delimiter))
    throw new NotPlain('a script of sed has an unusual delimiter');
  let brackets = false;
  for (let at = start; at < script.length; at += 1) {
    const char = script[at];
    if (char === '\\') at += 1;
    else if (char === '\n') break;
    else if (char === delimiter) {
      // Some kinds of sed end here, others where the bracket closes.
      if (brackets) throw new NotPlain('a script of sed has its delimiter between brackets');
      return at + 1;
    } else if (char === '[') brackets = true;
    else if (char === ']') brackets = false;
  }
  throw new NotPlain('a script of sed has a part that does not end');
}

/** Appended, inserted or changed text ends with its line, unless the line is continued. */
function text(script: string, start: number): number {
  if (script.slice(start).includes('\\')) throw new NotPlain('a text in a script of sed is continued');
  return endOfLine(script, start);
}

function endOfLine(script: string, at: number): number {
  const end = script.indexOf('\n', at);
  return end === -1 ? script.length : end + 1;
}

function endOfCommand(script: string, start: number): number {
  const at = skip(script, start, /[ \t]/);
  const end = script[at];
  if (end === undefined || end === ';' || end === '\n' || end === '}') return at + 1;
  if (end === '#') return endOfLine(script, at);
  throw new NotPlain(`what ${script.slice(at, at + 20)} in a script of sed does is not known`);
}

function skip(script: string, start: number, chars: RegExp): number {
  let at = start;
  while (at < script.length && chars.test(script[at] ?? '')) at += 1;
  return at;
}
