import { describe, expect, it } from 'vitest';
import { createContextWindow } from '../../../src/context/contextWindow.ts';
import { itemOf } from '../../../src/context/item.ts';
import { systemPrompt } from '../../../src/context/systemPrompt.ts';
import { createTokenGauge } from '../../../src/context/tokenGauge.ts';
import { digestOf } from '../../../src/protocol/digest.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import type { Window } from '../../../src/protocol/window.ts';
import { toolbox } from '../../../src/tools/toolbox.ts';

const { settings } = parseSettings({ 'commands.enabled': true });
const tools = toolbox(settings, 'offered').map((tool) => itemOf(tool.definition, 'system'));
const roots = [{ name: 'app', dir: '/app' }];

function textOf(window: Window): string {
  return Buffer.from(window.body).toString();
}

function fresh() {
  return createContextWindow({
    endpoint: 'http://127.0.0.1/v1',
    parameters: { model: 'm', stream: true },
    tools,
  });
}

describe('the window', () => {
  it('is JSON with the messages last, and its digest and size are those of the body', () => {
    const context = fresh();
    context.append(itemOf({ role: 'system', content: 'be brief' }, 'system'));
    context.append(itemOf({ role: 'user', content: 'héllo 🦜' }, 'user'));
    const window = context.window('turn');
    const body = JSON.parse(textOf(window)) as Record<string, unknown>;
    expect(Object.keys(body)).toEqual(['model', 'stream', 'tools', 'messages']);
    expect(body['messages']).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'héllo 🦜' },
    ]);
    expect(window.bodyDigest).toBe(digestOf(window.body));
    expect(context.bytes()).toBe(window.body.length);
  });

  it('extends the one before byte for byte, and one taken earlier stays as it was', () => {
    const context = fresh();
    context.append(itemOf({ role: 'user', content: 'one' }, 'user'));
    const first = context.window('turn');
    context.append(itemOf({ role: 'assistant', content: 'two' }, 'assistant'));
    const second = context.window('tool');
    expect(textOf(second).startsWith(textOf(first).slice(0, -2))).toBe(true);
    expect(textOf(first).endsWith(']}')).toBe(true);
    expect(first.messages).toHaveLength(1);
  });

  it('is under 3 000 tokens at the first request with all tools, the system text under 1 500', () => {
    const prompt = systemPrompt({ roots, platform: 'linux x64', commandsEnabled: true });
    const context = fresh();
    context.append(itemOf({ role: 'system', content: prompt }, 'system'));
    context.append(itemOf({ role: 'user', content: 'Fix the failing test.' }, 'user'));
    expect(prompt.length / 4).toBeLessThan(1_500);
    expect(context.bytes() / 4).toBeLessThan(3_000);
  });

  it('has what differs between folders at the very end of the system text', () => {
    const one = systemPrompt({ roots, platform: 'linux x64', commandsEnabled: false });
    const other = systemPrompt({
      roots: [{ name: 'elsewhere', dir: '/x' }],
      platform: 'linux x64',
      commandsEnabled: false,
    });
    const shared = Array.from(one).findIndex((character, index) => character !== other[index]);
    expect(one.length - shared).toBeLessThan(40);
  });
});

describe('the token gauge', () => {
  it('learns from what a reply says it used, and does not believe nonsense', () => {
    const gauge = createTokenGauge();
    expect(gauge.tokens(3_600)).toBe(1_000);
    gauge.learn(4_000, 1_000);
    expect(gauge.tokens(4_000)).toBe(1_000);
    gauge.learn(4_000, 0);
    gauge.learn(4_000, 1);
    gauge.learn(4_000, 1_000_000);
    expect(gauge.tokens(4_000)).toBe(1_000);
  });
});
