/** The operating system's word for what went wrong, such as ENOENT; undefined for what is not its word. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const WORDS: { readonly [code: string]: string } = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'the operating system does not permit it (EACCES)',
  EPERM: 'the operating system does not permit it (EPERM)',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open; try again',
  ENFILE: 'too many files are open on this machine; try again',
  EBUSY: 'it is in use',
  EEXIST: 'it already exists',
  ENOTEMPTY: 'the folder is not empty',
  ELOOP: 'it is a link, or links lead in a circle',
  ENAMETOOLONG: 'a name in its path is too long',
  EIO: 'the disk reports an error (EIO)',
  EXDEV: 'it lies on another disk',
  ETXTBSY: 'it is a program that is running',
  ETIMEDOUT: 'the disk did not answer in time',
  ESTALE: 'the network disk has lost it; try again',
};

/** A clause without a full stop, such as "the disk is full". A bug is not the world's trouble: it is thrown on. */
export function troubleInWords(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined || code.startsWith('ERR_')) throw error;
  return WORDS[code] ?? `the operating system reports ${code}`;
}
