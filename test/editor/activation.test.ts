import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { commands, extensions } from 'vscode';

describe('activation', () => {
  const extension = extensions.getExtension('warrant.warrant');
  const dist = join(extension?.extensionPath ?? '', 'dist');
  const loaded = () => Object.keys(require.cache).filter((path) => path.startsWith(dist));

  it('is installed', () => assert.ok(extension));

  it('loads one small file that holds neither the model’s client nor the schemas', async () => {
    await extension?.activate();
    assert.equal(extension?.isActive, true);
    assert.deepEqual(loaded(), [join(dist, 'extension.js')]);
    assert.ok(statSync(join(dist, 'extension.js')).size < 40_960);
    const text = readFileSync(join(dist, 'extension.js'), 'utf8');
    assert.doesNotMatch(text, /openai|zod|chat\/completions/i);
  });

  it('registers every command its manifest declares', async () => {
    const declared: { command: string }[] = extension?.packageJSON.contributes?.commands ?? [];
    const registered = new Set(await commands.getCommands(true));
    const missing = declared.map(({ command }) => command).filter((command) => !registered.has(command));
    assert.ok(declared.length > 20);
    assert.deepEqual(missing, []);
  });

  it('loads the rest with the first command', async () => {
    await commands.executeCommand('warrant.showAudit');
    assert.deepEqual(loaded(), [join(dist, 'extension.js'), join(dist, 'agent.js')]);
  });
});
