import { errorCode, troubleInWords } from './trouble.ts';

const WORDS: { readonly [code: string]: string } = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENXIO: 'No such device or address',
  ETXTBSY: 'Text file busy',
};

/** What a shell would say about a path that could not be used. A bug is thrown on. */
export function shellTrouble(error: unknown): string {
  return WORDS[errorCode(error) ?? ''] ?? troubleInWords(error);
}
