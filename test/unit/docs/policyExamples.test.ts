import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/policy/decide.ts';
import { layerJudges } from '../../../src/policy/layerJudges.ts';
import { modelRefusal } from '../../../src/policy/modelRefusal.ts';
import { managedLayer, workspaceLayer, type PolicyLayer } from '../../../src/policy/policyLayer.ts';
import { parseSettings, settings as known, type Settings } from '../../../src/protocol/settings.ts';
import { facts, onDisk, running } from '../policy/policyCases.ts';

const page = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```json(.*)\n([^]*?)^```$/gm)].map(([, kind = '', text = '']) => ({
  kind: kind.trim(),
  text,
}));

function layerOf({ kind, text }: { readonly kind: string; readonly text: string }): PolicyLayer {
  const file = { source: kind, found: { kind: 'text' as const, text } };
  return kind === 'managed' ? managedLayer(file) : workspaceLayer(file, 'shop');
}

function ofKind(kind: string) {
  return examples.filter((example) => example.kind === kind);
}

function exampleSettings(): Settings {
  const given: unknown = JSON.parse(ofKind('settings')[0]?.text ?? '');
  const raw = Object.entries(given as object).map(([key, value]: [string, unknown]) => {
    expect(key).toMatch(/^warrant\./);
    return [key.slice('warrant.'.length), value] as const;
  });
  expect(Object.keys(known)).toEqual(expect.arrayContaining(raw.map(([key]) => key)));
  const { settings, problems } = parseSettings(Object.fromEntries(raw));
  expect(problems).toEqual([]);
  return settings;
}

describe('the examples of docs/policy.md', () => {
  it('are settings, machine-wide files and files of workspaces, and nothing else', () => {
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(['settings', 'managed', 'workspace']));
  });

  it.each([...ofKind('managed'), ...ofKind('workspace')])('of a $kind file can be used: $text', (example) => {
    const layer = layerOf(example);
    expect(layer.refused).toEqual([]);
    expect([...layer.problems, ...layerJudges(layer).problems]).toEqual([]);
  });

  it('of settings can be used, with rules that hold for their own examples', () => {
    expect(createPolicy(exampleSettings(), { ownFolders: [], trusted: () => true }).problems).toEqual([]);
  });

  const rows = [...page.matchAll(/^\| `([^|]+?)` +\| (allow|ask|deny) +\| `([\w.-]+)` +\|$/gm)];
  it.each(rows.map(([, line = '', verdict, rule]) => [line, verdict, rule]))(
    'of a line: %s is %s by %s',
    (line, verdict, rule) => {
      const root = { name: 'shop', dir: '/projects/shop' };
      const policy = createPolicy(exampleSettings(), {
        ownFolders: [],
        trusted: () => true,
        roots: () => [root.dir],
        folders: () => [root],
      });
      const decision = policy.decide(
        { ...running(line), confined: { network: false } },
        {
          ...facts(onDisk('', { state: 'folder', holdsDenied: false }), onDisk('.git', { state: 'folder' })),
          sandbox: { kind: 'available', by: 'bubblewrap' },
        },
      );
      expect(decision).toMatchObject({ verdict, rule });
    },
  );

  it('of lines are many', () => {
    expect(rows.length).toBeGreaterThan(10);
  });

  it('of holding the agent off leaves no model', () => {
    const layers = ofKind('managed').slice(-1).map(layerOf);
    for (const endpoint of ['rehearsal:', 'https://models.example.com/v1'])
      expect(modelRefusal(layers, { name: 'example-model', endpoint })).toBeDefined();
  });
});
