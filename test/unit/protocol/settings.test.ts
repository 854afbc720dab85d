import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSettings, settings } from '../../../src/protocol/settings.ts';
import { contributedSettings } from '../../support/contributedSettings.ts';

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

describe('settings', () => {
  it('stand in package.json exactly as they are declared; `npm run manifest` writes them', () => {
    const { properties, restricted } = contributedSettings();
    expect(manifest.contributes.configuration.properties).toEqual(JSON.parse(JSON.stringify(properties)));
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(restricted);
  });

  it('are of application scope, so that neither a repository nor its container can set one', () => {
    expect(Object.values(settings).map(({ scope }) => scope)).not.toContain('window');
  });

  it('start strict: commands off, nothing applied unasked, Rehearsal', () => {
    const { settings: start, problems } = parseSettings({});
    expect(problems).toEqual([]);
    expect(start['commands.enabled']).toBe(false);
    expect(start['commands.interpreters']).toBe(false);
    expect(start['edits.allow']).toEqual([]);
    expect(start['model.provider']).toBe('rehearsal');
  });

  it.each([
    ['commands.enabled', 'yes', false],
    ['commands.timeoutSeconds', 100_000, 60],
    ['commands.sandbox', 'Off', 'required'],
    ['edits.allow', '**', []],
    ['paths.read', [1], []],
    ['paths.write', 'src', []],
    ['paths.deny', { '**': true }, ['**']],
    ['model.baseUrl', 'not a url', 'https://api.openai.com/v1'],
  ])('%s that cannot be read never loosens anything', (key, value, instead) => {
    const { settings: read, problems } = parseSettings({ [key]: value });
    expect(read[key as keyof typeof read]).toEqual(instead);
    expect(problems.map((problem) => problem.key)).toEqual([key]);
  });
});
