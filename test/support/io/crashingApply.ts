import { kill, pid } from 'node:process';
import { applyEdit } from '../../../src/io/files/applyEdit.ts';
import { realDisk, type Disk } from '../../../src/io/files/disk.ts';
import { locate, realRoots } from '../../../src/io/files/locate.ts';
import { pathInRoot } from '../../../src/protocol/workspacePath.ts';
import { change, text } from '../../unit/io/editOf.ts';

/** Run as a process of its own: applies one edit of five files and kills itself before call number `last`. */
const [, , dir = '', journalDir = '', last = '0'] = process.argv;

let calls = 0;
const entries = Object.entries(realDisk).map(([name, act]) => [
  name,
  (...given: readonly unknown[]) => {
    calls += 1;
    if (calls === Number(last)) kill(pid, 'SIGKILL');
    return (act as (...all: readonly unknown[]) => unknown)(...given);
  },
]);
const disk = Object.fromEntries(entries) as Disk;

const root = { name: 'workspace', dir };
const at = (path: string) => pathInRoot(root, path);
const roots = await realRoots([root]);
let id = 0;
const outcome = await applyEdit(
  {
    kind: 'edit',
    files: [
      change(at('a.txt'), text('a before'), text('a after')),
      change(at('x/new.txt'), null, text('new')),
      change(at('b.txt'), text('b before'), null),
      change(at('c.txt'), text('c before'), text('c before'), at('x/c.txt')),
      change(at('d.txt'), text('d before'), text('d after'), at('e.txt')),
    ],
  },
  {
    roots,
    journalDir,
    disk,
    locate: (path) => locate(path, roots),
    unsaved: () => false,
    maxBytes: 1_000,
    id: () => `id${(id += 1)}`,
  },
);
process.stdout.write(`${outcome.kind} ${calls}`);
