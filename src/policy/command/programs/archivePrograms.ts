import type { Change, Examples, Flags, PathWord, ProgramFamily, ProgramSpec } from '../programSpec.ts';
import { READS } from './textPrograms.ts';

const ALL: PathWord = { use: 'write', word: '.', below: true };

const MODES: ReadonlyMap<string, 'create' | 'extract' | 'list'> = new Map([
  ['c', 'create'],
  ['r', 'create'],
  ['u', 'create'],
  ['x', 'extract'],
  ['t', 'list'],
]);
const LONG_MODES: ReadonlyMap<string, 'create' | 'extract' | 'list'> = new Map([
  ['--create', 'create'],
  ['--append', 'create'],
  ['--update', 'create'],
  ['--extract', 'extract'],
  ['--get', 'extract'],
  ['--list', 'list'],
]);
const LETTERS = /^[crutxzjJvpkmhSOafCT]$/;
const LONG =
  /^--(?:gzip|gunzip|bzip2|xz|zstd|lzma|auto-compress|verbose|preserve-permissions|no-same-owner|keep-old-files|skip-old-files|dereference|to-stdout|wildcards|no-wildcards|anchored|totals|strip-components=[0-9]+|exclude=.+|exclude-vcs|sort=name|mtime=.+|owner=.+|group=.+|numeric-owner|one-file-system|overwrite)$/;

/** The words of `tar`: what the archive and the names are depends on one letter. */
function readTar(args: readonly string[]): Change {
  let mode: 'create' | 'extract' | 'list' | undefined;
  let archive: string | undefined;
  let folder: string | undefined;
  let printed = false;
  const names: PathWord[] = [];
  const setMode = (next: 'create' | 'extract' | 'list') => {
    const isOther = mode !== undefined && mode !== next;
    mode = next;
    return isOther;
  };
  const unknown = (word: string): Change => ({ unclear: `\`${word.slice(0, 80)}\` of tar is not known` });
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word.startsWith('--')) {
      const longMode = LONG_MODES.get(word);
      if (longMode !== undefined && !setMode(longMode)) continue;
      const valued = /^--(file|directory|exclude|strip-components)(?:=(.*))?$/s.exec(word);
      if (valued !== null) {
        const value = valued[2] ?? args[(at += 1)];
        if (value === undefined) return unknown(word);
        if (valued[1] === 'file') archive = value;
        if (valued[1] === 'directory')
          folder = folder === undefined || value.startsWith('/') ? value : `${folder}/${value}`;
        continue;
      }
      if (!LONG.test(word)) return unknown(word);
      if (word === '--to-stdout') printed = true;
      continue;
    }
    const letters = word.startsWith('-') && word !== '-' ? word.slice(1) : at === 0 ? word : undefined;
    if (letters === undefined) {
      names.push({ use: 'read', word, below: true, ...(folder === undefined ? {} : { from: folder }) });
      continue;
    }
    for (let index = 0; index < letters.length; index += 1) {
      const letter = letters[index] ?? '';
      const next = MODES.get(letter);
      if (next !== undefined && setMode(next)) return unknown(word);
      if (!LETTERS.test(letter) || letter === 'T') return unknown(word);
      if (letter === 'O') printed = true;
      if (letter !== 'f' && letter !== 'C') continue;
      const isBundle = !word.startsWith('-');
      const rest = isBundle ? '' : letters.slice(index + 1);
      const value = rest === '' ? args[(at += 1)] : rest;
      if (value === undefined) return unknown(word);
      if (letter === 'f') archive = value;
      else folder = folder === undefined || value.startsWith('/') ? value : `${folder}/${value}`;
      if (rest !== '') break;
    }
  }
  if (mode === undefined) return { unclear: 'what tar would do is not said' };
  // Another machine, to GNU tar.
  if (archive?.includes(':') === true) return { unclear: 'the archive may be on another machine' };
  const file: readonly PathWord[] =
    archive === undefined || archive === '-'
      ? []
      : [{ use: mode === 'create' ? 'write' : 'read', word: archive }];
  const entered: readonly PathWord[] = folder === undefined ? [] : [{ use: 'enter', word: folder }];
  if (mode === 'create') return { paths: [...file, ...entered, ...names] };
  if (mode === 'list') return { paths: file, rule: READS };
  if (printed) return { paths: file };
  return { paths: [...file, { use: 'write', word: folder ?? '.', below: true }] };
}

/** Replaces each file by another one of nearly the same name. */
function packs(names: string, flags: Flags, examples: Examples): ProgramSpec {
  return {
    names,
    flags: {
      '--help --version -V -f --force -k --keep -n --no-name -N --name -q --quiet -v --verbose -1 -2 -3 -4 -5 -6 -7 -8 -9 --fast --best -d --decompress': true,
      '-c --stdout --to-stdout -t --test -l --list': { then: { positionals: { rest: 'read' } } },
      ...flags,
    },
    positionals: { rest: 'writeBelow' },
    examples,
  };
}

export const archivePrograms: ProgramFamily = {
  name: 'archives',
  programs: [
    {
      names: 'tar gtar bsdtar',
      read: readTar,
      examples: {
        allowed: [
          ['tar tzf a.tgz', 'read a.tgz'],
          ['tar -tvf a.tar', 'read a.tar'],
        ],
        asked: [
          ['tar czf out.tgz src', 'write out.tgz', 'read src/**'],
          ['tar -czf out.tgz -C src .', 'write out.tgz', 'enter src', 'read src/./**'],
          ['tar xzf a.tgz', 'read a.tgz', 'write ./**'],
          ['tar -xf a.tar -C out', 'read a.tar', 'write out/**'],
          ['tar xOf a.tar b', 'read a.tar'],
          ['tar --create --file=a.tar b', 'write a.tar', 'read b/**'],
        ],
        unclear: [
          'tar xf a.tar --to-command=sh',
          'tar cf a --checkpoint=1 --checkpoint-action=exec=sh b',
          'tar cf a -I sh b',
          'tar --use-compress-program=sh -xf a',
          'tar xPf a.tar',
          'tar xf host:a.tar --rsh-command=sh',
          'tar xf host:a.tar',
          'tar cf a -T list',
          'tar -xcf a',
          'tar',
          'tar cf a --files-from=list',
          'tar cf a -F sh b',
          'tar xf a --absolute-names',
        ],
      },
    },
    {
      names: 'zip',
      flags: { '-r -q -v -j -9 -0 -1 -y -u -X -m': { then: { below: true } }, '-x -i': 'text' },
      positionals: { first: ['write'], rest: 'readBelow' },
      examples: {
        asked: [['zip -r out.zip src', 'write out.zip/**', 'read src/**']],
        unclear: ['zip -T -TT sh a.zip b', 'zip -rTTsh a b', 'zip --unzip-command=sh a b', 'zip -@ a'],
      },
    },
    {
      names: 'unzip',
      flags: {
        '-o -n -q -qq -j -a -u -C': true,
        '-l -v -t -Z -p -z': { then: { positionals: { first: ['read'], rest: 'pattern' } } },
        '-d': { value: 'writeBelow' },
        '-x': 'text',
      },
      positionals: { first: ['read'], rest: 'pattern' },
      paths: [ALL],
      examples: {
        asked: [
          ['unzip a.zip -d out', 'read a.zip', 'write out/**', 'write ./**'],
          ['unzip -o a.zip', 'read a.zip', 'write ./**'],
          ['unzip -l a.zip', 'read a.zip', 'write ./**'],
        ],
        unclear: ['unzip -P x a.zip', 'unzip -: a.zip'],
      },
    },
    packs(
      'gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4',
      { '-r --recursive': true, '-o': 'output' },
      {
        asked: [
          ['gzip -9 a', 'write a/**'],
          ['gzip -dc a.gz', 'read a.gz'],
          ['gunzip a.gz', 'write a.gz/**'],
        ],
        unclear: ['gzip --rsyncable-x a', 'xz --files=list', 'gzip -S x a'],
      },
    ),
    {
      names: 'zcat gzcat bzcat xzcat zstdcat',
      rule: READS,
      positionals: { rest: 'read' },
      flags: { '-f -q -v': true },
      examples: { allowed: [['zcat a.gz', 'read a.gz']], unclear: ['zcat --frob a'] },
    },
  ],
};
