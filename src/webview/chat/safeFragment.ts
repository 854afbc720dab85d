import DOMPurify from 'dompurify';
import { markdownHtml } from './markdownHtml.ts';

const TAGS =
  'p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li table thead tbody tr th td a'.split(
    ' ',
  );
const FILE_ENDINGS =
  'c|cc|cpp|cs|css|go|h|hpp|html|java|js|json|jsx|kt|md|mjs|php|py|rb|rs|scss|sh|sql|svg|swift|toml|ts|tsx|txt|vue|xml|yaml|yml';
const PATH = new RegExp(
  String.raw`^(?:[\w@.+-]+/)+[\w@.+-]+(?::\d+)?$|^[\w@.+-]+\.(?:${FILE_ENDINGS})(?::\d+)?$`,
);

/**
 * The one place where text of a model becomes nodes of the page. Only the tags above survive, with no attribute that
 * could load, run or lead anywhere; what can be clicked is made so here and answered by `clicked`.
 */
export function safeFragment(markdown: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(markdownHtml(markdown), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ['data-href', 'data-lang', 'start'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of fragment.querySelectorAll<HTMLElement>('a[data-href]')) {
    makeLink(link, link.dataset['href'] ?? '');
  }
  for (const code of fragment.querySelectorAll<HTMLElement>(':not(pre) > code')) {
    const path = code.textContent;
    if (!PATH.test(path)) continue;
    code.dataset['path'] = path;
    makeLink(code, `Open ${path}`);
  }
  for (const block of fragment.querySelectorAll('pre')) addHeader(block);
  return fragment;
}

function makeLink(element: HTMLElement, title: string): void {
  element.classList.add('link');
  element.setAttribute('role', 'link');
  element.tabIndex = 0;
  element.title = title;
}

function addHeader(block: HTMLElement): void {
  const frame = document.createElement('div');
  frame.className = 'code-block';
  const header = document.createElement('div');
  header.className = 'code-header';
  const language = document.createElement('span');
  language.textContent = block.dataset['lang'] ?? '';
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.className = 'copy';
  copy.textContent = 'Copy';
  header.append(language, copy);
  block.replaceWith(frame);
  block.tabIndex = 0;
  frame.append(header, block);
}

export type Clicked =
  | { readonly kind: 'link'; readonly href: string }
  | { readonly kind: 'path'; readonly path: string; readonly line?: number }
  | { readonly kind: 'copy'; readonly text: string; readonly button: HTMLElement };

/** What a click or key press inside a fragment asks for. */
export function clicked(target: EventTarget | null): Clicked | undefined {
  if (!(target instanceof Element)) return undefined;
  const element = target.closest<HTMLElement>('[data-href], [data-path], .copy');
  if (element === null) return undefined;
  const { href, path } = element.dataset;
  if (href !== undefined) return { kind: 'link', href };
  if (path !== undefined) {
    const [, name = path, line] = /^(.*?)(?::(\d+))?$/.exec(path) ?? [];
    return { kind: 'path', path: name, ...(line === undefined ? {} : { line: Math.max(1, Number(line)) }) };
  }
  const text = element.closest('.code-block')?.querySelector('pre')?.textContent ?? '';
  return { kind: 'copy', text, button: element };
}
