const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file may not grow any further',
  EACCES: 'permission was denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reported an error',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'a part of the path is a symbolic link',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EBADF: 'the file is no longer open',
};

/** The operating system's trouble as a clause for a sentence. */
export function troubleInWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = WORDS[code];
  if (words !== undefined) return words;
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
