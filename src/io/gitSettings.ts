import type { GitSetting } from './gitEnvironment.ts';

/** A variable as git lists it: section and name in small letters. `scope` is where it stands. */
export type Listed = { readonly scope: string; readonly key: string; readonly value: string };

/** Reads `git config --list --show-scope -z`. A variable without a value is true. */
export function settingsOf(listing: string): readonly Listed[] {
  const parts = listing.split('\0');
  const found: Listed[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const entry = parts[at + 1] ?? '';
    const line = entry.indexOf('\n');
    const key = line === -1 ? entry : entry.slice(0, line);
    found.push({ scope: parts[at] ?? '', key, value: line === -1 ? 'true' : entry.slice(line + 1) });
  }
  return found;
}

/** The person's own choices that name no program, kept where a repository says nothing else. */
export const USER_SETTINGS =
  /^(?:user\.(?:name|email)|author\.(?:name|email)|committer\.(?:name|email)|safe\.directory|core\.(?:autocrlf|eol|safecrlf|excludesfile|quotepath|longpaths)|init\.defaultbranch|pull\.(?:rebase|ff)|push\.(?:default|autosetupremote)|merge\.(?:ff|conflictstyle)|rebase\.(?:autosquash|autostash)|branch\.autosetuprebase|fetch\.prune)$/;

/**
 * Shows two files as git would without a driver: git hands over the path, then a file, a digest and a mode each for
 * before and after.
 */
const PLAIN_DIFF = 'f() { diff -u --label "a/$1" --label "b/$1" "$2" "$5"; :; }; f';

/** What a variable of a repository is replaced by where it could name a program; `refuse` where nothing can be. */
export function replacementOf(key: string, value: string): readonly GitSetting[] | 'refuse' {
  const section = key.slice(0, key.indexOf('.'));
  const name = key.slice(key.lastIndexOf('.') + 1);
  const family = key.slice(0, key.lastIndexOf('.'));
  const to = (replacement: string): readonly GitSetting[] => [[key, replacement]];
  switch (section) {
    // Which file is included may change while the line runs.
    case 'includeif':
      return 'refuse';
    case 'filter':
      // All three, because an empty `process` holds back the others, and git reads none of them as *no filter*.
      if (!/^(?:clean|smudge|process)$/.test(name)) return [];
      return ['clean', 'smudge', 'process'].map((one) => [`${family}.${one}`, '']);
    case 'diff':
      if (name === 'command' || key === 'diff.external') return to(PLAIN_DIFF);
      return name === 'textconv'
        ? [
            [key, 'cat'],
            [`${family}.cachetextconv`, 'false'],
          ]
        : [];
    case 'merge':
      return name === 'driver' ? to('git merge-file --marker-size=%L %A %O %B') : [];
    case 'core':
      return name === 'alternaterefscommand' ? to('true') : [];
    case 'remote':
      if (name === 'uploadpack') return to('git-upload-pack');
      return name === 'receivepack' ? to('git-receive-pack') : [];
    case 'submodule':
      if (name === 'ignore') return to('dirty');
      return name === 'update' && value.startsWith('!') ? to('checkout') : [];
    case 'alias':
      return value.startsWith('!') ? to('!false') : [];
    case 'gpg':
      return [];
    case 'hook':
      return [
        [`${family}.enabled`, 'false'],
        [`${family}.command`, ':'],
      ];
    case 'pager':
      return to('false');
    case 'credential':
      return name === 'helper' ? to('') : [];
    default:
      // Trailers, archive formats, tools, hooks: whatever a later git may add is named like one of these.
      return /(?:cmd|command|commandpath|hook|program)$/.test(name) ? to('false') : [];
  }
}
