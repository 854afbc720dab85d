const STRING_SEQUENCE =
  /(?:\u001b[\]P^_X]|[\u009d\u0090\u009e\u009f\u0098])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?/g;
const CONTROL_SEQUENCE = /(?:\u001b\[|\u009b)([0-9;:<=>?]*)([ -/]*)([@-~])/g;
const OTHER_ESCAPE = /\u001b(?!\[[0-9;:]*m)[ -~]?/g;
const CONTROL = /[\u0000-\u0007\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g;
const UNFINISHED =
  /(?:\u001b(?:[\]P^_X][^\u0007\u001b\u009c]*\u001b?|\[[0-9;:<=>?]*[ -/]*)?|[\u009d\u0090\u009e\u009f\u0098][^\u0007\u001b\u009c]*|\u009b[0-9;:<=>?]*[ -/]*)$/;
const LONGEST_HELD = 65_536;

/**
 * Drops escape sequences other than colours, so that a command cannot set the title, write the clipboard or forge what
 * stands above it. A carriage return stays: progress lines use it and it can only overwrite its own line.
 */
export function terminalSafe(text: string): string {
  return text
    .replace(STRING_SEQUENCE, '')
    .replace(CONTROL_SEQUENCE, (sequence, parameters: string, between: string, final: string) =>
      final === 'm' && between === '' && /^[0-9;:]*$/.test(parameters) ? sequence : '',
    )
    .replace(OTHER_ESCAPE, '')
    .replace(CONTROL, '');
}

/** The same for output that comes in pieces: a sequence cut by the end of a piece is held back until its rest came. */
export function terminalFilter(): (chunk: string) => string {
  let held = '';
  return (chunk) => {
    const text = held + chunk;
    const cut = UNFINISHED.exec(text)?.index ?? text.length;
    held = text.length - cut > LONGEST_HELD ? '' : text.slice(cut);
    return terminalSafe(text.slice(0, cut));
  };
}
