import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/audit/redactor.ts';

const key = Buffer.alloc(32, 7);
const join = (...parts: string[]) => parts.join('');
const token = join('gh', 'p_', 'A1b2C3d4E5f6', 'G7h8I9j0');
const phrase = join('cor rect/horse', '+"bat\\tery"');
const redactor = createRedactor({
  key,
  secrets: [
    { name: 'GITHUB_TOKEN', value: token },
    { name: 'DB_PASSWORD', value: phrase },
  ],
});
const shape = (text: string) => text.replace(/:[a-z2-7]{8}>/g, ':TAG>');

describe('redact', () => {
  it.each([
    { name: 'a value', text: `key=${token};`, shown: 'key=<redacted:github-token:TAG>;' },
    { name: 'a value twice', text: token + token, shown: '<redacted:github-token:TAG>'.repeat(2) },
    { name: 'a value at the edges', text: token, shown: '<redacted:github-token:TAG>' },
    { name: 'its form in a URL', text: encodeURIComponent(phrase), shown: '<redacted:db-password.url:TAG>' },
    {
      name: 'its form in a URL in small letters',
      text: encodeURIComponent(phrase).replace(/%../g, (byte) => byte.toLowerCase()),
      shown: '<redacted:db-password.url-lower:TAG>',
    },
    {
      name: 'its form in a posted form',
      text: `p=${encodeURIComponent(phrase).replaceAll('%20', '+')}&`,
      shown: 'p=<redacted:db-password.form:TAG>&',
    },
    {
      name: 'its form in JSON',
      text: JSON.stringify({ p: phrase }),
      shown: '{"p":"<redacted:db-password.json:TAG>"}',
    },
    {
      name: 'its form in base64',
      text: Buffer.from(token).toString('base64'),
      shown: '<redacted:github-token.base64-0:TAG>',
    },
    {
      name: 'its form in base64 after other text',
      text: Buffer.from(`me:${token}`).toString('base64'),
      shown: 'bWU6<redacted:github-token.base64-0:TAG>',
    },
    {
      name: 'its form in base64 out of step',
      text: Buffer.from(`you:${token}!`).toString('base64'),
      shown: 'eW91Om<redacted:github-token.base64-1:TAG>CE=',
    },
  ])('replaces $name', ({ text, shown }) => {
    const redacted = shape(redactor.redact(text));
    expect(redacted).toBe(shown);
    expect(redacted).not.toContain(token);
  });

  it.each([
    { name: 'a short value', value: 'abc1234' },
    { name: 'a common word', value: 'password' },
    { name: 'a common word in capitals', value: 'DEVELOPMENT' },
    { name: 'a path', value: '/bin/bash' },
    { name: 'a path in the home folder', value: '~/.config/keys' },
    { name: 'a path on Windows', value: 'C:\\Users\\someone' },
    { name: 'digits', value: '1234567890' },
    { name: 'a date', value: '2026-01-02' },
    { name: 'one character repeated', value: '*'.repeat(20) },
    { name: 'the words of a placeholder', value: 'redacted' },
    { name: 'nothing', value: '' },
  ])('leaves $name alone', ({ value }) => {
    const text = `before ${value} after`;
    expect(createRedactor({ key, secrets: [{ name: 'SECRET', value }] }).redact(text)).toBe(text);
  });

  it('takes random text with slashes for a secret all the same', () => {
    const value = join('/aB3', '/xY9zQ', '/k2LmN');
    expect(createRedactor({ key, secrets: [{ name: 'S', value }] }).redact(value)).toMatch(/^<redacted:s:/);
  });

  it('takes the longest of values that contain each other', () => {
    const long = `${token}-and-more`;
    const both = createRedactor({
      key,
      secrets: [
        { name: 'SHORT', value: token },
        { name: 'LONG', value: long },
      ],
    });
    expect(shape(both.redact(`${long} ${token}`))).toBe('<redacted:long:TAG> <redacted:short:TAG>');
  });

  it('leaves nothing of values that overlap, and can bring them back', () => {
    const both = createRedactor({
      key,
      secrets: [
        { name: 'ONE', value: 'abcdefghKLMNOP' },
        { name: 'TWO', value: 'KLMNOPqrstuvw' },
      ],
    });
    const text = 'x abcdefghKLMNOPqrstuvw y';
    const redacted = both.redact(text);
    expect(shape(redacted)).toBe('x <redacted:several:TAG> y');
    expect(both.restore(redacted, text)).toEqual({ kind: 'restored', text });
  });

  it('gives equal secrets equal tags in a session and different ones in the next', () => {
    const secrets = [
      { name: 'A_TOKEN', value: token },
      { name: 'B_TOKEN', value: `${token}x` },
    ];
    const tags = (redacted: string) => [...redacted.matchAll(/:([a-z2-7]{8})>/g)].map((match) => match[1]);
    const text = `${token} ${token}x ${JSON.stringify(token)}`;
    const [one, two, three] = tags(createRedactor({ key, secrets }).redact(text));
    expect(one).toBe(three);
    expect(one).not.toBe(two);
    expect(tags(createRedactor({ key: Buffer.alloc(32, 8), secrets }).redact(text))).not.toContain(one);
  });

  it('tells no secret by its name', () => {
    const odd = createRedactor({ key, secrets: [{ name: 'my-token-value', value: 'my-token-value' }] });
    expect(shape(odd.redact('my-token-value'))).toBe('<redacted:secret:TAG>');
  });

  it('leaves no secret in any text, once is enough, and restoring undoes it', () => {
    const value = fc
      .string({
        unit: fc.constantFrom('a', 'B', '3', '/', '"', '\\', ' ', '+', 'é', '👍'),
        minLength: 8,
        maxLength: 14,
      })
      .filter((text) => text.trim() === text && /[aB]/.test(text) && /[/"+]/.test(text));
    const given = fc.array(value, { minLength: 1, maxLength: 5 }).chain((values) =>
      fc.record({
        values: fc.constant(values),
        text: fc
          .array(
            fc.oneof(
              fc.constantFrom(...values),
              fc.constantFrom(...values).map((one) => JSON.stringify(one)),
              fc.constantFrom(...values).map((one) => Buffer.from(one).toString('base64')),
              fc.constantFrom(...values).map((one) => one.slice(0, -2)),
              fc.string({ unit: fc.constantFrom('a', 'B', '3', '"', ' ') }),
            ),
          )
          .map((parts) => parts.join('')),
      }),
    );
    fc.assert(
      fc.property(given, ({ values, text }) => {
        const some = createRedactor({
          key,
          secrets: values.map((one, n) => ({ name: `S${n}`, value: one })),
        });
        const redacted = some.redact(text);
        const taken = values.filter((one) => some.redact(one) !== one);
        for (const one of taken) expect(redacted).not.toContain(one);
        expect(some.redact(redacted)).toBe(redacted);
        expect(some.restore(redacted, text)).toEqual({ kind: 'restored', text });
      }),
      { numRuns: 500 },
    );
  });

  it('does nothing at all without secrets', () => {
    const none = createRedactor({ key, secrets: [] });
    const text = 'anything';
    expect(none.redact(text)).toBe(text);
    expect(none.restore(text, '')).toEqual({ kind: 'restored', text });
  });
});

describe('restore', () => {
  const placeholder = redactor.redact(token);

  it('puts a value back where the text before held it', () => {
    expect(redactor.restore(`new ${placeholder} line`, `old ${token}`)).toEqual({
      kind: 'restored',
      text: `new ${token} line`,
    });
  });

  it('refuses a value that the text before did not hold, and names the placeholder', () => {
    const found = redactor.restore(`new ${placeholder}`, 'old');
    expect(found.kind).toBe('refused');
    expect(found.kind === 'refused' ? found.because : '').toContain(placeholder);
    expect(JSON.stringify(found)).not.toContain(token);
  });

  it('refuses a form that the text before held only otherwise', () => {
    const encoded = redactor.redact(encodeURIComponent(phrase));
    expect(redactor.restore(encoded, phrase).kind).toBe('refused');
  });

  it.each(['<redacted:github-token:aaaaaaaa>', '<redacted:github-token>', '<redacted:x:y>', '<redacted'])(
    'leaves %s alone, which is not ours',
    (text) => {
      expect(redactor.restore(text, '')).toEqual({ kind: 'restored', text });
    },
  );
});

describe('secrets that become known later', () => {
  const late = join('m4rble', '-0tter', '-5821');

  it('are replaced from then on, and what was replaced before can still be put back', () => {
    const some = createRedactor({ key, secrets: [{ name: 'A', value: token }] });
    const before = some.redact(`${token}, ${phrase}, ${late}`);
    some.also([{ name: 'LATE', value: late }]);
    expect(shape(some.redact(late))).toBe('<redacted:late:TAG>');
    expect(some.restore(before, token)).toEqual({ kind: 'restored', text: `${token}, ${phrase}, ${late}` });
  });

  it('are known by what one text gives away when another holds them bare', () => {
    const some = createRedactor({ key, secrets: [] });
    expect(some.redact(`echo ${late}`)).toBe(`echo ${late}`);
    const tag = /:([a-z2-7]{8})>/.exec(some.redact(`DB_PASSWORD=${late}`))?.[1] ?? '';
    expect(some.redact(`echo ${late}`)).toBe(`echo <redacted:assigned-secret:${tag}>`);
  });
});

describe('values of several lines', () => {
  const lines = ['first-line-of-it-4711', 'second-line-of-it-815', 'third-line-of-it-0042'];
  const some = createRedactor({ key, secrets: [{ name: 'NOTE', value: lines.join('\n') }] });

  it('are replaced line by line, so that no line is lost', () => {
    const redacted = some.redact(`a\n${lines.join('\n')}\nb`);
    expect(shape(redacted)).toBe(`a\n${'<redacted:note:TAG>\n'.repeat(3)}b`);
    expect(some.restore(redacted, lines.join('\n'))).toEqual({
      kind: 'restored',
      text: `a\n${lines.join('\n')}\nb`,
    });
  });

  it('are replaced whole where they stand on one line', () => {
    expect(shape(some.redact(JSON.stringify(lines.join('\n'))))).toBe('"<redacted:note.json:TAG>"');
  });
});
