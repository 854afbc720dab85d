import { visibleText } from '../visibleText.ts';

/** Markup that is ours. Only `markup` makes it, so nothing from outside gets in unescaped. */
export type Html = { readonly source: string };

type Part = string | number | Html | readonly Html[];

/** Markup around texts. Texts are escaped, and what cannot be seen in them is made visible. */
export function markup(ours: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const source = ours.reduce((whole, text, at) => `${whole}${markupOf(parts[at - 1] ?? '')}${text}`);
  return { source };
}

/** Markup that a library drew. */
export function drawn(source: string): Html {
  return { source };
}

function markupOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'source' in part ? part.source : part.map(({ source }) => source).join('');
}

function escaped(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
