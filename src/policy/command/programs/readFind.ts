import type { Change, InnerCommand, PathWord } from '../programSpec.ts';

const ALONE = new Set(
  (
    '-print -print0 -ls -prune -quit -depth -d -empty -executable -readable -writable -true -false -mount -xdev ' +
    '-daystart -noleaf -nouser -nogroup -ignore_readdir_race -not ! -a -and -o -or , ( )'
  ).split(' '),
);
const VALUED = new Set(
  (
    '-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname -type -xtype -size -mtime -atime ' +
    '-ctime -mmin -amin -cmin -maxdepth -mindepth -perm -user -group -uid -gid -links -inum -fstype -regextype ' +
    '-printf -used'
  ).split(' '),
);
const WITH_PATH = /^-(?:newer|anewer|cnewer|samefile|newer[aBcm][aBcm])$/;
const INTO_FILE = /^-(?:fprint|fprint0|fls)$/;

const MAX_STARTED = 64;

/** The words of `find`: folders, then tests and actions. */
export function readFind(args: readonly string[]): Change {
  let at = 0;
  let follows = false;
  while (/^-(?:[HLP]|O[0-9])$/.test(args[at] ?? '')) {
    if (args[at] !== '-P') follows = true;
    at += 1;
  }
  const starts: string[] = [];
  while (at < args.length && !/^(?:-.|[(!,]$)/.test(args[at] ?? '')) {
    starts.push(args[at] ?? '');
    at += 1;
  }
  if (starts.length === 0) starts.push('.');
  const paths: PathWord[] = starts.map((word) => ({ use: 'enter', word }));
  const inner: InnerCommand[] = [];
  while (at < args.length) {
    const word = args[at] ?? '';
    const value = args[at + 1];
    at += 1;
    if (ALONE.has(word)) continue;
    if (word === '-follow') follows = true;
    else if (word === '-delete')
      paths.push(...starts.map((start): PathWord => ({ use: 'write', word: start, below: true })));
    else if (word === '-exec' || word === '-ok') {
      const end = args.findIndex(
        (one, index) => index >= at && (one === ';' || (one === '+' && args[index - 1] === '{}')),
      );
      const command = args.slice(at, end);
      if (end === -1 || command.length === 0)
        return { unclear: `the command of find’s ${word} does not end` };
      if ((command[0] ?? '').includes('{}')) return { unclear: 'find would run what it finds' };
      if (inner.length + starts.length > MAX_STARTED)
        return { unclear: 'find would start more commands than can be looked through' };
      for (const start of starts)
        inner.push({ argv: command.map((one) => one.replaceAll('{}', start)), below: true });
      at = end + 1;
    } else {
      if (value === undefined) return { unclear: `the last test of find, ${word}, is not known` };
      at += 1;
      if (WITH_PATH.test(word)) {
        if (/t$/.test(word) && word.startsWith('-newer'))
          return { unclear: `the test ${word} of find is not known` };
        paths.push({ use: 'enter', word: value });
      } else if (INTO_FILE.test(word)) paths.push({ use: 'write', word: value });
      else if (!VALUED.has(word)) return { unclear: `${word.slice(0, 80)} of find is not known` };
    }
  }
  return { paths, inner, ...(follows && inner.length > 0 ? { asks: true } : {}) };
}
