import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commands, workspace } from 'vscode';

describe('the audit channel', () => {
  it('is an output channel anyone can open', async () => {
    const isOurs = () =>
      workspace.textDocuments.some(
        ({ uri }) => uri.scheme === 'output' && uri.path.includes('Warrant Audit'),
      );
    assert.equal(isOurs(), false);
    const shown = new Promise<void>((resolve) => {
      const look = workspace.onDidOpenTextDocument(() => {
        if (!isOurs()) return;
        look.dispose();
        resolve();
      });
    });
    await commands.executeCommand('warrant.showAudit');
    await shown;
  });
});
