import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../../src/agent/withoutSecrets.ts';
import type { Done } from '../../../src/protocol/outcome.ts';

const redact = (text: string) => text.replaceAll('hidden', '<gone>');
const ran = (head: string, tail: string, omittedBytes: number): Done => ({
  kind: 'ran',
  end: { kind: 'exit', code: 0 },
  output: { head, tail, omittedBytes },
  ms: 1,
});

describe('withoutSecrets', () => {
  it('leaves whole output as it is', () => {
    expect(withoutSecrets(ran('all of it', '', 0), redact)).toEqual(ran('all of it', '', 0));
  });

  it('drops the words that are cut in two where output is missing, and counts them as missing', () => {
    expect(withoutSecrets(ran('one two thr', 'ïx six seven', 10), redact)).toEqual(
      ran('one two ', ' six seven', 16),
    );
  });

  it('drops no more than 4 096 characters at an edge', () => {
    const done = withoutSecrets(ran('a'.repeat(5_000), 'b'.repeat(5_000), 1), redact);
    expect(done).toEqual(ran('a'.repeat(904), 'b'.repeat(904), 8_193));
  });
});
