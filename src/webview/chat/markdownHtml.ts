import markdownIt, { type MarkdownIt, type Token } from 'markdown-it';

/** Longer text is shown as it is: parsing must never hold up the page. */
export const MARKDOWN_CHARACTERS = 200_000;

/**
 * Markdown as a model writes it, to HTML that can do nothing: raw HTML is text, links carry their target in
 * `data-href` and are no links until the page makes them so, images are such links.
 * Still to be sanitised: see `safeFragment`.
 */
export function markdownHtml(text: string): string {
  if (text.length > MARKDOWN_CHARACTERS) return `<pre><code>${escape(text)}</code></pre>`;
  return parser.render(text);
}

/**
 * Cuts text that still grows before its last block: what comes after can no longer change what stands before.
 * (Except by a link definition; the finished text is rendered anew.)
 */
export function splitBeforeLastBlock(text: string): { readonly settled: string; readonly open: string } {
  const starts = parser
    .parse(text, {})
    .flatMap((token) => (token.level === 0 && token.nesting >= 0 && token.map ? [token.map[0]] : []));
  const last = starts.at(-1);
  if (starts.length < 2 || last === undefined) return { settled: '', open: text };
  const cut = offsetOfLine(text, last);
  return { settled: text.slice(0, cut), open: text.slice(cut) };
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let passed = 0; passed < line; passed += 1) {
    const end = text.indexOf('\n', offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  return offset;
}

const parser = createParser();

function createParser(): MarkdownIt {
  const markdown = markdownIt({ html: false, linkify: false, typographer: false });
  markdown.set({ maxNesting: 20 });
  markdown.validateLink = (url) => /^https?:\/\//i.test(url.trim());
  const { rules } = markdown.renderer;
  rules['link_open'] = (tokens, index) => `<a data-href="${escape(attribute(tokens[index], 'href'))}">`;
  rules['image'] = (tokens, index) => {
    const token = tokens[index];
    const name = token?.content ?? '';
    return `<a data-href="${escape(attribute(token, 'src'))}">image: ${escape(name === '' ? 'untitled' : name)}</a>`;
  };
  rules['fence'] = (tokens, index) => {
    const language = /^[\w+#.-]{1,30}/.exec(tokens[index]?.info.trim() ?? '')?.[0] ?? '';
    return `<pre data-lang="${escape(language)}"><code>${escape(tokens[index]?.content ?? '')}</code></pre>\n`;
  };
  rules['code_block'] = (tokens, index) =>
    `<pre><code>${escape(tokens[index]?.content ?? '')}</code></pre>\n`;
  // Without alignment: markdown-it would write it as an inline style.
  rules['th_open'] = () => '<th>';
  rules['td_open'] = () => '<td>';
  return markdown;
}

function attribute(token: Token | undefined, name: string): string {
  return String(token?.attrGet(name) ?? '');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
