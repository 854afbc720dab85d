/**
 * One spelling for every name that some file system takes for the same file: case, Unicode composition, characters
 * that are drawn as nothing, trailing dots and spaces, and alternate streams are levelled. Only for lists that refuse
 * or ask; a list that allows compares exactly.
 */
export function foldPath(relative: string): string {
  return relative.replaceAll('\\', '/').split('/').map(foldName).join('/');
}

/** Case and composition only: a pattern keeps its own punctuation. */
export function foldPattern(pattern: string): string {
  return foldCase(pattern.replaceAll('\\', '/'));
}

function foldName(name: string): string {
  if (/^[a-z0-9_-]*$/.test(name)) return name;
  const visible = foldCase(name.replace(/\p{Default_Ignorable_Code_Point}/gu, ''));
  if (visible === '.' || visible === '..') return visible;
  return visible.replace(/:.*$/s, '').replace(/[. ]+$/, '');
}

/** Upper case first, so that letters with two lower-case forms (long s, Kelvin sign) meet. */
function foldCase(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
