import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/protocol/content.ts';
import type { Done } from '../../../src/protocol/outcome.ts';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { toolbox } from '../../../src/tools/toolbox.ts';

const roots = [{ name: 'app', dir: '/app' }];
const { settings } = parseSettings({});
const all = toolbox(settings, 'all');

function propose(name: string, args: unknown) {
  const tool = all.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool.propose(typeof args === 'string' ? args : JSON.stringify(args), roots);
}

function report(name: string, args: unknown, done: Done): string {
  const tool = all.find((one) => one.name === name);
  const proposed = propose(name, args);
  if (tool === undefined || proposed.kind === 'invalid') throw new Error('not proposed');
  return tool.report(done, proposed.proposal, roots);
}

describe('the toolbox', () => {
  it('offers commands only while they are enabled, and knows the tool all the same', () => {
    const names = (which: 'offered' | 'all', enabled: boolean) =>
      toolbox(parseSettings({ 'commands.enabled': enabled }).settings, which).map(({ name }) => name);
    expect(names('offered', false)).not.toContain('run_command');
    expect(names('all', false)).toContain('run_command');
    expect(names('offered', true)).toEqual(names('all', true));
  });

  it('tells the model that arguments it does not know are refused', () => {
    for (const { definition } of all) {
      expect(definition.function.parameters).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });

  it.each<[string, unknown, RegExp]>([
    ['read_file', '{"path":"a', /not whole JSON/],
    ['read_file', '[]', /arguments/],
    ['read_file', {}, /path/],
    ['read_file', { path: 'a', approved: true }, /approved/],
    ['read_file', { path: '' }, /path/],
    ['read_file', { path: 'a', first_line: 0 }, /first_line/],
    ['read_file', { path: 'a', first_line: 9, last_line: 3 }, /before/],
    ['read_file', { path: '../a' }, /climbs/],
    ['read_file', { path: 7 }, /path/],
    ['search_text', { pattern: 'a\nb' }, /line break/],
    ['edit_file', { path: 'a', replacements: [] }, /replacements/],
    ['edit_file', { path: 'a', replacements: [{ old: '', new: 'x' }] }, /old/],
    ['move_file', { path: 'a', to: '/etc/a' }, /outside/],
    ['run_command', { command: 'ls', dangerouslyDisableSandbox: true }, /dangerouslyDisableSandbox/],
    ['run_command', { command: 'ls', folder: '..' }, /climbs/],
    ['run_command', { command: 'ls', timeout_seconds: 601 }, /timeout_seconds/],
    ['update_plan', { steps: [{ text: 'a', state: 'approved' }] }, /state/],
    ['ask_user', { question: '' }, /question/],
  ])('%s refuses %j', (name, args, because) => {
    const proposed = propose(name, args);
    expect(proposed.kind === 'invalid' ? proposed.because : 'accepted').toMatch(because);
  });

  it('reads no arguments at all as an empty object, as some servers send it', () => {
    expect(propose('list_files', '').kind).toBe('proposed');
  });
});

describe('what the model is told of a file', () => {
  const content = (text: string, bom = false): Done => ({
    kind: 'content',
    content: contentOf(text, { bom, mode: 0o644 }),
  });

  it.each<[string, unknown, Done, string]>([
    ['whole', { path: 'a' }, content('x\ny\n'), 'a: 2 lines, UTF-8, LF\n1\tx\n2\ty'],
    [
      'a range',
      { path: 'a', first_line: 2, last_line: 2 },
      content('x\ny\nz\n'),
      'a: 3 lines, UTF-8, LF\n2\ty',
    ],
    [
      'past the end',
      { path: 'a', first_line: 9 },
      content('x\n'),
      'a: 1 lines, UTF-8, LF. There is no line 9.',
    ],
    ['empty', { path: 'a' }, content(''), 'a: 0 lines, UTF-8, no line end. The file is empty.'],
    [
      'its manner',
      { path: 'a' },
      content('x\r\ny', true),
      'a: 2 lines, UTF-8 with byte order mark, CRLF, no line end at the end\n1\tx\n2\ty',
    ],
  ])('%s', (_, args, done, told) => {
    expect(report('read_file', args, done)).toBe(told);
  });

  it('is cut at 2 000 lines, saying where to read on', () => {
    const told = report('read_file', { path: 'a' }, content('x\n'.repeat(5_000)));
    expect(told.endsWith('2000\tx\n[lines 2001 to 5000 not shown; read on with first_line 2001]')).toBe(true);
  });

  it('has long lines cut, saying by how much', () => {
    expect(report('read_file', { path: 'a' }, content('x'.repeat(2_500)))).toContain(
      '[line cut here; 500 characters more]',
    );
  });
});
