import { logHead, type HeadMirror, type LogHead, type SecretCells } from '../protocol/seal.ts';

/** How many sessions back a log is still compared with its head. */
const SESSIONS = 8;

/**
 * Heads of the logs of one folder, each in a cell of its own beside one list of them, because windows of an editor
 * write them at once: what one of them could take from another is at most a place on the list, and each keeping of a
 * head puts that back.
 */
export function headMirrorIn(cells: SecretCells, folder: string): HeadMirror {
  const list = cells(`heads ${folder}`);
  const cellOf = (session: string) => cells(`head ${folder} ${session}`);

  async function sessions(): Promise<readonly string[] | undefined> {
    return (await list.get())?.split(' ').filter((session) => session !== '');
  }

  return {
    async read() {
      const known = await sessions();
      if (known === undefined) return undefined;
      const heads: LogHead[] = [];
      for (const session of known) {
        const head = parse(await cellOf(session).get());
        if (head !== undefined) heads.push(head);
      }
      return heads;
    },
    async keep(head) {
      await cellOf(head.session).set(JSON.stringify(head));
      const known = (await sessions()) ?? [];
      if (known.includes(head.session)) return;
      const all = [...known, head.session];
      await list.set(all.slice(-SESSIONS).join(' '));
      for (const session of all.slice(0, -SESSIONS)) await cellOf(session).clear();
    },
    async forget(session) {
      const known = (await sessions()) ?? [];
      await list.set(known.filter((one) => one !== session).join(' '));
      await cellOf(session).clear();
    },
  };
}

function parse(text: string | undefined): LogHead | undefined {
  try {
    return logHead.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
