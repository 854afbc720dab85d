import type { EditCard } from '../../../src/protocol/approval.ts';
import { contentOf } from '../../../src/protocol/content.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import type { EditEffect } from '../../../src/protocol/effect.ts';
import { pathInRoot } from '../../../src/protocol/workspacePath.ts';
import { changeSetOf } from '../../../src/review/changeSetOf.ts';

const root = { name: 'app', dir: '/app' };

/** A card over files `src/a.ts` (hunks 0.0 and 0.1) and `src/b.ts` (hunk 1.0), and what else is given. */
export function editCard(id = 'card', more: readonly { path: string; after: string }[] = []): EditCard {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`);
  const effect: EditEffect = {
    kind: 'edit',
    files: [
      file('src/a.ts', lines.join(''), lines.with(2, 'three\n').with(25, 'twenty-six\n').join('')),
      file('src/b.ts', 'old\n', 'new\n'),
      ...more.map(({ path, after }) => file(path, '', after)),
    ],
  };
  return {
    kind: 'edit',
    id,
    digest: digestOf(id),
    effect,
    changeSet: changeSetOf(effect),
    why: { verdict: 'ask', rule: 'edits', because: 'Edits are shown to you before they are applied.' },
    claim: 'Renames two lines.',
  };
}

function file(path: string, before: string, after: string): EditEffect['files'][number] {
  const as = { bom: false, mode: 0o644 };
  return { path: pathInRoot(root, path), before: contentOf(before, as), after: contentOf(after, as) };
}
