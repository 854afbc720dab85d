import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MARKDOWN_CHARACTERS,
  markdownHtml,
  splitBeforeLastBlock,
} from '../../../src/webview/chat/markdownHtml.ts';

const TAGS = new Set(
  'p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li table thead tbody tr th td a'.split(
    ' ',
  ),
);

/** What in a piece of HTML could do more than be read. Text is escaped, so every `<` begins a tag. */
function trouble(html: string): readonly string[] {
  const found: string[] = [];
  for (const [whole, name = '', attributes = ''] of html.matchAll(/<\/?([^\s>/]*)([^>]*)>/g)) {
    if (!TAGS.has(name)) found.push(whole);
    const left = attributes
      .replace(/ data-href="https?:\/\/[^"<>]*"/, '')
      .replace(/ data-lang="[^"<>]*"/, '')
      .replace(/ start="\d+"/, '');
    if (left.trim() !== '') found.push(whole);
  }
  return found;
}

const HOSTILE = [
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](<javascript:alert(1)>)',
  '[a](&#106;avascript:alert(1))',
  '[a](command:workbench.action.terminal.new)',
  '[a](vscode://publisher.name/path)',
  '[a](//host/path)',
  '[a](data:text/html,<script>alert(1)</script>)',
  '[a](file:///etc/passwd)',
  '[a](mailto:a@b)',
  '<javascript:alert(1)>',
  '<command:foo>',
  '[x]\n\n[x]: javascript:alert(1)',
  '![i](//host/a.png)',
  '![i](data:image/svg+xml;base64,PHN2Zz4=)',
  '![i](https://host/p.png?k=1)',
  '[![i](https://host/p.png)](https://host)',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<iframe src="https://host"></iframe>',
  '<style>*{background:url(https://host)}</style>',
  '<base href="https://host">',
  '```html" onload="alert(1)\n<script>alert(1)</script>\n```',
  '```"><img src=x onerror=alert(1)>\nx\n```',
  '`<img src=x onerror=alert(1)>`',
  '    <img src=x onerror=alert(1)>',
  '[a](https://host "t\\" onmouseover=\\"alert(1)")',
  '[a](https://host/"onmouseover="alert(1))',
  '| a |\n|:-:|\n| <img src=x onerror=alert(1)> |',
  '3. <b onclick=alert(1)>x</b>',
];

describe('what a model writes', () => {
  test.each(HOSTILE)('%j can do nothing', (text) => {
    expect(trouble(markdownHtml(text))).toEqual([]);
  });

  test('can do nothing however the pieces are put together', () => {
    const pieces = [
      ...HOSTILE,
      '\n',
      '\n\n',
      '> ',
      '- ',
      '`',
      '```\n',
      '"',
      "'",
      '<',
      '>',
      '&',
      '\\',
      '](',
      ')',
    ];
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(trouble(markdownHtml(text))).toEqual([]);
      }),
    );
  });

  test('the check above would find trouble', () => {
    expect(trouble('<img>')).toHaveLength(1);
    expect(trouble('<p onclick="x">')).toHaveLength(1);
    expect(trouble('<a data-href="javascript:x">')).toHaveLength(1);
    expect(trouble('<p style="x">')).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['[the docs](https://host/x)', '<p><a data-href="https://host/x">the docs</a></p>\n'],
    ['![plan](https://host/x.png)', '<p><a data-href="https://host/x.png">image: plan</a></p>\n'],
    ['**b** `c`', '<p><strong>b</strong> <code>c</code></p>\n'],
    ['```ts\na < b\n```', '<pre data-lang="ts"><code>a &lt; b\n</code></pre>\n'],
    ['https://host/x', '<p>https://host/x</p>\n'],
  ])('%j becomes %s', (text, html) => {
    expect(markdownHtml(text)).toBe(html);
  });

  test.each<[string, string]>([
    ['quotes', '>'.repeat(5_000) + ' deep'],
    ['lists', '- '.repeat(3_000) + 'x'],
    ['brackets', '['.repeat(50_000)],
    ['emphasis', '*'.repeat(50_000) + 'a'],
  ])('a nest of %s stays shallow', (_name, text) => {
    const depth = (markdownHtml(text).match(/<(?:blockquote|ul)>/g) ?? []).length;
    expect(depth).toBeLessThanOrEqual(20);
  });

  test('text beyond the limit is shown as it is', () => {
    const html = markdownHtml('<b>*'.padEnd(MARKDOWN_CHARACTERS + 1, 'x'));
    expect(html.startsWith('<pre><code>&lt;b&gt;*xx')).toBe(true);
  });
});

describe('text that still grows', () => {
  test.each<[string, string, string]>([
    ['one paragraph is open', 'a\nb', ''],
    ['a second block settles the first', 'a\n\nb', 'a\n\n'],
    ['a heading settles what stands before', 'a\n\n# b\nc', 'a\n\n# b\n'],
    ['an open fence is one block', '```\na\n\nb\n\nc', ''],
    ['a fence after text settles the text', 'a\n```\nb\n\nc', 'a\n'],
    ['a list is one block', '- a\n\n- b\n\n  c', ''],
    ['what follows a list settles it', '- a\n- b\n\nc', '- a\n- b\n\n'],
  ])('%s', (_name, text, settled) => {
    expect(splitBeforeLastBlock(text)).toEqual({ settled, open: text.slice(settled.length) });
  });

  test('drawn piece by piece it reads as the whole does', () => {
    const text = '# t\n\na *b*\nc\n\n- x\n- y\n\n```ts\nz\n\nz\n```\n\n| a |\n|---|\n| b |\n\n> q\n\nend';
    let offset = 0;
    let drawn = '';
    for (let length = 1; length <= text.length; length += 1) {
      const { settled } = splitBeforeLastBlock(text.slice(offset, length));
      drawn += settled === '' ? '' : markdownHtml(settled);
      offset += settled.length;
    }
    expect(drawn + markdownHtml(text.slice(offset))).toBe(markdownHtml(text));
  });
});
