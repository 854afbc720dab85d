import { foldPath } from './foldPath.ts';

/** Answers which of the product's own folders an absolute path is, or lies in; in any spelling of its name. */
export function ownFolderLookup(ownFolders: readonly string[]): (absolute: string) => string | undefined {
  const folders = ownFolders
    .map((folder) => ({ folder, key: absoluteKey(folder) }))
    .filter(({ key }) => key !== '');
  return (absolute) => {
    const key = absoluteKey(absolute);
    return folders.find((own) => key === own.key || key.startsWith(`${own.key}/`))?.folder;
  };
}

/** Absolute paths compare by this: folded, without empty or `.` names, `..` taken back; a drive keeps its letter. */
function absoluteKey(absolute: string): string {
  const drive = /^[A-Za-z]:/.exec(absolute)?.[0] ?? '';
  const names: string[] = [];
  for (const name of foldPath(absolute.slice(drive.length)).split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..') names.pop();
    else names.push(name);
  }
  return names.length === 0 ? drive.toLowerCase() : `${drive.toLowerCase()}/${names.join('/')}`;
}
