import { platform } from 'node:process';
import { gitEnvironment } from './gitEnvironment.ts';

export type Environment = { readonly [name: string]: string | undefined };

const POSIX_NAMES = ['HOME', 'LANG', 'TMPDIR', 'USER', 'LOGNAME'];
const WINDOWS_NAMES = [
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATHEXT',
  'USERPROFILE',
  'USERNAME',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
  'TEMP',
  'TMP',
];

/**
 * The one environment every program starts from: what is named here and nothing else, so no secret, loader, pager,
 * editor or setting of the editor's own process gets through.
 */
export function commandEnvironment(host: Environment, path: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = {};
  const windows = platform === 'win32';
  for (const [name, value] of Object.entries(host)) {
    const known = windows
      ? WINDOWS_NAMES.some((one) => one.toLowerCase() === name.toLowerCase())
      : POSIX_NAMES.includes(name) || /^LC_[A-Z]+$/.test(name);
    if (known && value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    PATH: path.join(windows ? ';' : ':'),
    TERM: 'dumb',
    NO_COLOR: '1',
    PAGER: 'cat',
    ...gitEnvironment(),
  };
}
