import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { NO_LINKS, NO_TERMINAL, NO_WAIT } from './openFlags.ts';
import { openFolder } from './openFolder.ts';
import { shellTrouble } from './shellTrouble.ts';
import { isOpenedAt } from './verifyOpened.ts';

export type RedirectUse = 'read' | 'write' | 'append';

/** An open file that a program reads from or writes to; whoever opened it closes it. */
export type RedirectFile = {
  readonly fd: number;
  write(text: string): Promise<void>;
  close(): Promise<void>;
};

export type OpenedRedirect =
  | { readonly kind: 'opened'; readonly file: RedirectFile }
  /** In the words of a shell, such as "No such file or directory". */
  | { readonly kind: 'failed'; readonly because: string };

const FLAGS: { readonly [use in RedirectUse]: number } = {
  read: constants.O_RDONLY,
  write: constants.O_WRONLY | constants.O_CREAT,
  append: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
};

/**
 * Opens the file at a real path, no link in it followed, its folder named by descriptor while that is done. Only
 * ordinary files; emptied only once it is certain which file it is.
 */
export async function openRedirect(real: string, use: RedirectUse): Promise<OpenedRedirect> {
  try {
    const folder = await openFolder(dirname(real));
    try {
      const flags = FLAGS[use] | NO_LINKS | NO_WAIT | NO_TERMINAL;
      const handle = await open(folder.at(basename(real)), flags, 0o666);
      const stats = await handle.stat({ bigint: true });
      const because = stats.isDirectory()
        ? 'Is a directory'
        : !stats.isFile()
          ? 'it is not an ordinary file'
          : isOpenedAt(handle.fd, stats, real)
            ? undefined
            : 'it leads somewhere else than when it was allowed';
      if (because !== undefined) {
        await handle.close();
        return { kind: 'failed', because };
      }
      if (use === 'write') await handle.truncate(0);
      const file: RedirectFile = {
        fd: handle.fd,
        async write(text) {
          await handle.write(text);
        },
        close: () => handle.close(),
      };
      return { kind: 'opened', file };
    } finally {
      await folder.close();
    }
  } catch (error) {
    return { kind: 'failed', because: shellTrouble(error) };
  }
}
