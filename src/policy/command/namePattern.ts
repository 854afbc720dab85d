/** Names no list of files would all share by chance; what matches all of them matches everything. */
const SAMPLES = ['src', 'README.md', 'a', 'zz9', 'package.json'];

export function isPattern(name: string): boolean {
  return /[*?[\]]|[@+!]\(/.test(name);
}

/** Whether a file name pattern of the shell could match a name. Doubt counts as yes. */
export function couldMatch(pattern: string, name: string): boolean {
  if (!isPattern(pattern)) return pattern === name;
  if (pattern.length > 64 || /[@+!?*]\(/.test(pattern)) return true;
  const source = pattern.replace(/\*+/g, '*').replace(/\[[!^]?\]?[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return bracket(part);
    return part.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 's').test(name);
  } catch {
    return true;
  }
}

/** A bracket that names a class (`[[:alpha:]]`) could be any character. */
function bracket(part: string): string {
  if (part.includes('[:')) return '.';
  const negated = /^\[[!^]/.test(part);
  const inside = part.slice(negated ? 2 : 1, -1).replace(/[\\\]^[]/g, '\\$&');
  return `[${negated ? '^' : ''}${inside}]`;
}

/** Whether a pattern matches whatever a folder holds. */
export function matchesAll(pattern: string): boolean {
  return isPattern(pattern) && SAMPLES.every((name) => couldMatch(pattern, name));
}
