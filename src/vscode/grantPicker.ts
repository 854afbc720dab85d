import * as vscode from 'vscode';
import type { Grant } from '../protocol/grant.ts';

export type GrantList = {
  /** Those that hold now, newest first. */
  holding(): readonly Grant[];
  /** False where there is no such grant any more. */
  revoke(id: string): Promise<boolean>;
};

type Pick = vscode.QuickPickItem & { readonly ids: readonly string[] };

/** Lists the approvals that last and ends the one that is chosen, or all of them. */
export async function showGrants(list: GrantList): Promise<void> {
  const grants = list.holding();
  if (grants.length === 0) {
    void vscode.window.showInformationMessage(
      'No approval lasts in this workspace: every command is asked for.',
    );
    return;
  }
  const all: Pick = { label: '$(trash) Revoke all of them', ids: grants.map(({ id }) => id) };
  const picked = await vscode.window.showQuickPick([...grants.map(pickOf), all], {
    title: 'Warrant: approvals that last',
    placeHolder: 'Choose one to revoke it.',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  for (const id of picked?.ids ?? []) await list.revoke(id);
}

/** A `$(name)` in a command line would be drawn as an icon. */
function pickOf({ id, scope, text, folder, until, from, sandbox, code }: Grant): Pick {
  const line = text.replace(/\s+/g, ' ').replaceAll('$(', '$ (').slice(0, 200);
  const day = (time: number) => new Date(time).toLocaleDateString();
  const ends = scope === 'session' ? 'until this session ends' : `until ${day(until)}`;
  const runs = code.length === 0 ? '' : `, runs ${code.map(({ name }) => name).join(', ')}`;
  return {
    label: line,
    description: folder,
    detail: `given ${day(from)}, holds ${ends}, confined by: ${sandbox}${runs}`,
    ids: [id],
  };
}
