import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ConfigurationTarget, extensions, workspace } from 'vscode';
import { settings as declared } from '../../src/protocol/settings.ts';
import { readSettings } from '../../src/vscode/settings.ts';

// The folder of these tests brings along a settings file that loosens all it can.
describe('settings', () => {
  const guarded = Object.entries(declared).flatMap(([key, { scope }]) => (scope === 'window' ? [] : [key]));
  const configuration = () => workspace.getConfiguration('warrant');

  it('of the folder count for others: the file is read', () => {
    assert.equal(workspace.getConfiguration('editor').get('tabSize'), 3);
  });

  it('of ours are known to VS Code under the defaults they are declared with', () => {
    const properties: Record<string, unknown> =
      extensions.getExtension('warrant.warrant')?.packageJSON.contributes.configuration.properties;
    assert.deepEqual(
      Object.keys(properties).sort(),
      Object.keys(declared)
        .map((key) => `warrant.${key}`)
        .sort(),
    );
    for (const [key, { schema }] of Object.entries(declared))
      assert.deepEqual(configuration().inspect(key)?.defaultValue, schema.parse(undefined), key);
  });

  it('cannot come from the folder', () => {
    for (const key of guarded) {
      const found = configuration().inspect(key);
      assert.equal(found?.workspaceValue, undefined, key);
      assert.equal(found?.workspaceFolderValue, undefined, key);
      assert.deepEqual(configuration().get(key), found?.defaultValue, key);
    }
    assert.deepEqual(readSettings().problems, []);
    assert.equal(readSettings().settings['commands.enabled'], false);
    assert.deepEqual(readSettings().settings['edits.allow'], []);
  });

  it('cannot be written into the folder', async () => {
    for (const target of [ConfigurationTarget.Workspace, ConfigurationTarget.WorkspaceFolder])
      await assert.rejects(async () => configuration().update('commands.enabled', true, target));
  });

  it('come from the user', async () => {
    await configuration().update('limits.stepsPerTurn', 7, ConfigurationTarget.Global);
    assert.equal(readSettings().settings['limits.stepsPerTurn'], 7);
    await configuration().update('limits.stepsPerTurn', undefined, ConfigurationTarget.Global);
    assert.equal(readSettings().settings['limits.stepsPerTurn'], 100);
  });
});
