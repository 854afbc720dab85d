const LEADING =
  /^(?:then|do|else|elif|if|while|until|time|!|\{|\(|command|builtin|exec|env|nohup|nice|eval|xargs|[A-Za-z_]\w*=\S*)$/;

/**
 * Cuts text that no grammar could read into what may be commands: quotes and backslashes are dropped, everything that
 * could end a command ends one. Finds too much rather than too little.
 */
export function vectorsInText(text: string): readonly (readonly string[])[] {
  const bare = text
    .replace(/\\\n/g, '')
    .replace(/\$\{?IFS\}?/g, ' ')
    .replace(/\$[@*]/g, '')
    .replace(/["'\\]/g, '');
  return bare
    .split(/[;&|\n`(){}<>]+/)
    .map((piece) => {
      const words = piece.split(/\s+/).filter((word) => word !== '' && word !== '$');
      const first = words.findIndex((word) => !LEADING.test(word));
      return first === -1 ? [] : words.slice(first);
    })
    .filter((words) => words.length > 0);
}
