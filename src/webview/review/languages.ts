import type { LanguageFn } from 'highlight.js';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import powershell from 'highlight.js/lib/languages/powershell';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { relativePath, type WorkspacePath } from '../../protocol/workspacePath.ts';

/** Every language that is coloured; each adds its grammar to the page. */
export const LANGUAGES: { readonly [name: string]: LanguageFn } = {
  bash,
  c,
  cpp,
  csharp,
  css,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  markdown,
  php,
  powershell,
  python,
  ruby,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};

const EXTENSIONS: { readonly [language: string]: string } = {
  bash: 'sh bash zsh ksh',
  c: 'c h',
  cpp: 'cc cpp cxx hh hpp hxx ino',
  csharp: 'cs csx',
  css: 'css',
  dockerfile: 'dockerfile',
  go: 'go',
  ini: 'ini toml cfg conf properties editorconfig gitconfig',
  java: 'java',
  javascript: 'js mjs cjs jsx',
  json: 'json jsonc json5 webmanifest',
  kotlin: 'kt kts',
  markdown: 'md markdown mdx',
  php: 'php phtml',
  powershell: 'ps1 psm1 psd1',
  python: 'py pyi pyw',
  ruby: 'rb rake gemspec gemfile rakefile',
  rust: 'rs',
  sql: 'sql',
  typescript: 'ts tsx mts cts',
  xml: 'xml html htm xhtml svg vue svelte xsd plist csproj',
  yaml: 'yaml yml',
};

/** The language of a file by its name; undefined where it has none of ours. */
export function languageOf(path: WorkspacePath): string | undefined {
  const name = relativePath(path).toLowerCase();
  const ending = name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1);
  return Object.keys(EXTENSIONS).find((language) => EXTENSIONS[language]?.split(' ').includes(ending));
}
