const MOST_ALTERNATIVES = 64;

/**
 * Whether a path, relative to its root, is meant by the glob of a search: `*` and `?` stay within a name, `**` spans
 * folders, `{a,b}` and `[a-z]` choose. A glob without a slash is matched against the name alone.
 * The time is bounded by the lengths multiplied, whatever the glob: it may come from an attacker.
 */
export function includeGlob(glob: string): (relative: string) => boolean {
  const alternatives = expandBraces(glob.replace(/^\.?\//, '')).map((one) => one.split('/').map(tokensOf));
  return (relative) => {
    const names = relative.split('/');
    return alternatives.some((segments) =>
      segments.length === 1 ? spans(segments, names.slice(-1)) : spans(segments, names),
    );
  };
}

type Token = 'any' | 'one' | ((char: string) => boolean);

/** Row by row: which beginnings of `names` the segments so far can cover. */
function spans(segments: readonly (readonly Token[] | 'folders')[], names: readonly string[]): boolean {
  let reached = names.map(() => false);
  let atStart = true;
  for (const segment of segments) {
    const before = [atStart, ...reached];
    reached = names.map(() => false);
    let open = false;
    names.forEach((name, index) => {
      open = before[index] === true || (segment === 'folders' && open);
      reached[index] =
        segment === 'folders' ? open || before[index + 1] === true : open && covers(segment, name);
    });
    atStart = atStart && segment === 'folders';
  }
  return reached.at(-1) ?? atStart;
}

/** One star is enough to remember: a later one can do whatever an earlier one could. */
function covers(tokens: readonly Token[], name: string): boolean {
  const chars = Array.from(name);
  let token = 0;
  let star = -1;
  let resume = 0;
  for (let at = 0; at < chars.length;) {
    const wanted = tokens[token];
    if (wanted === 'any') {
      star = token;
      resume = at;
      token += 1;
    } else if (wanted !== undefined && (wanted === 'one' || wanted(chars[at] ?? ''))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === 'any');
}

function tokensOf(segment: string): readonly Token[] | 'folders' {
  if (segment === '**') return 'folders';
  const tokens: Token[] = [];
  const chars = Array.from(segment);
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    const close = char === '[' ? chars.indexOf(']', at + 2) : -1;
    if (char === '*') tokens.push('any');
    else if (char === '?') tokens.push('one');
    else if (close > 0) {
      tokens.push(setOf(chars.slice(at + 1, close)));
      at = close;
    } else tokens.push((other) => other === char);
  }
  return tokens;
}

function setOf(members: readonly string[]): (char: string) => boolean {
  const negated = members[0] === '!' || members[0] === '^';
  const inside = negated ? members.slice(1) : members;
  return (char) => {
    const isIn = inside.some((member, at) => {
      if (inside[at + 1] === '-' && inside[at + 2] !== undefined)
        return char >= member && char <= (inside[at + 2] ?? '');
      return member === char;
    });
    return isIn !== negated;
  };
}

/** `a{b,c}d` is `abd` and `acd`; what would be more than 64 is left as it is written. */
function expandBraces(glob: string): readonly string[] {
  let expanded = [''];
  let rest = glob;
  for (;;) {
    const found = /^([^{]*)\{([^{}]*)\}/.exec(rest);
    if (found === null) return expanded.map((start) => start + rest);
    const choices = (found[2] ?? '').split(',');
    if (expanded.length * choices.length > MOST_ALTERNATIVES) return expanded.map((start) => start + rest);
    expanded = expanded.flatMap((start) => choices.map((choice) => start + (found[1] ?? '') + choice));
    rest = rest.slice(found[0].length);
  }
}
