import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commands, extensions } from 'vscode';

describe('activation', () => {
  const extension = extensions.getExtension('warrant.warrant');

  it('is installed', () => assert.ok(extension));

  it('activates without trouble', async () => {
    await extension?.activate();
    assert.equal(extension?.isActive, true);
  });

  it('registers every command its manifest declares', async () => {
    const declared: { command: string }[] = extension?.packageJSON.contributes?.commands ?? [];
    const registered = new Set(await commands.getCommands(true));
    const missing = declared.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
