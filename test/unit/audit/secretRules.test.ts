import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/audit/redactor.ts';
import { redactingStream } from '../../../src/audit/redactingStream.ts';
import { secretRules } from '../../../src/audit/secretRules.ts';
import { harmlessSamples, secretSamples } from '../../support/secretSamples.ts';

const key = Buffer.alloc(32, 7);
const samples = secretSamples();
const fresh = () => createRedactor({ key, secrets: [] });
const after = `\n\n---\n${'and so on, word by word, '.repeat(40)}\n`;

describe('the table of rules', () => {
  it('names kinds that placeholders can hold, and literals that can be looked for', () => {
    for (const { kind, literals, pattern } of secretRules) {
      expect(kind).toMatch(/^[a-z0-9-]+$/);
      expect(pattern.sticky).toBe(true);
      for (const literal of literals) {
        expect(literal.length).toBeGreaterThanOrEqual(3);
        expect(literal).toBe(literal.toLowerCase());
      }
    }
  });

  it('has an example of every kind, 60 of 25 kinds at least', () => {
    const shown = new Set(samples.map(({ kind }) => kind));
    for (const { kind } of secretRules) expect(shown, kind).toContain(kind);
    expect(shown.size).toBeGreaterThanOrEqual(25);
    expect(samples.length).toBeGreaterThanOrEqual(60);
  });

  it('gives away no example in any file of the project', () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
    const secrets = samples.flatMap(({ bare }) => bare).filter((secret) => secret.length >= 16);
    for (const file of files.filter((name) => /\.(ts|tsx|json|jsonl|md|mjs|py)$/.test(name))) {
      const text = readFileSync(join(root, file), 'latin1');
      expect(
        secrets.some((secret) => text.includes(secret)),
        file,
      ).toBe(false);
    }
  });
});

describe.each(samples.map((sample) => [`${sample.kind}: ${sample.name}`, sample] as const))(
  '%s',
  (_name, { kind, text, bare }) => {
    it('is replaced, once is enough, and can be put back', () => {
      const redactor = fresh();
      const redacted = redactor.redact(text);
      for (const secret of bare) expect(redacted).not.toContain(secret);
      expect(redacted).toContain(`<redacted:${kind}:`);
      expect(redactor.redact(redacted)).toBe(redacted);
      expect(redactor.restore(redacted, text)).toEqual({ kind: 'restored', text });
      expect(redactor.restore(redacted, 'another file').kind).toBe('refused');
      expect(redacted.split('\n').length).toBe(text.split('\n').length);
    });

    it('is known from then on wherever it stands', () => {
      const redactor = fresh();
      for (const [placeholder] of redactor.redact(text).matchAll(/<redacted:[^>]*>/g)) {
        const restored = redactor.restore(placeholder, text);
        const secret = restored.kind === 'restored' ? restored.text : '';
        if (secret.length >= 8) expect(redactor.redact(`it printed ${secret} alone`)).not.toContain(secret);
      }
    });

    it('stays hidden in a JSON text, which stays one', () => {
      const redacted = fresh().redact(JSON.stringify({ content: text }));
      for (const secret of bare) expect(redacted).not.toContain(secret);
      expect(() => JSON.parse(redacted) as unknown).not.toThrow();
    });

    it('is never shown when it comes in two pieces, wherever they are parted, or in single characters', () => {
      const whole = `Here it is:\n${text}${after}`;
      const end = 'Here it is:\n'.length + text.length + 1;
      for (let at = 1; at < end; at += 1) {
        const shown = streamed([whole.slice(0, at), whole.slice(at)]);
        for (const secret of bare) expect(shown.includes(secret), `parted at ${at}`).toBe(false);
        expect(shown, `parted at ${at}`).toContain(`<redacted:${kind}:`);
      }
      const shown = streamed(Array.from(whole));
      for (const secret of bare) expect(shown).not.toContain(secret);
      expect(shown).toContain(`<redacted:${kind}:`);
    });
  },
);

function streamed(pieces: readonly string[]): string {
  const stream = redactingStream(fresh());
  return pieces.map((piece) => stream.push(piece)).join('');
}

describe('text without secrets', () => {
  it.each(harmlessSamples)('is not taken for %s: %s', (_kind, text) => {
    expect(fresh().redact(text)).toBe(text);
  });
});
