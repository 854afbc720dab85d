/**
 * Tokens are estimated from bytes and the estimate is corrected by what each reply says it used, so that it fits
 * whatever model answers, without a tokenizer for each.
 */
export type TokenGauge = {
  tokens(bytes: number): number;
  learn(bytes: number, tokens: number): void;
};

const BYTES_PER_TOKEN = 3.6;

export function createTokenGauge(): TokenGauge {
  let bytesPerToken = BYTES_PER_TOKEN;
  return {
    tokens: (bytes) => Math.ceil(bytes / bytesPerToken),
    learn(bytes, tokens) {
      const seen = bytes / tokens;
      // A server that counts wrongly (zero, or one for everything) must not switch the limit off.
      if (tokens > 0 && seen >= 1.5 && seen <= 8) bytesPerToken = seen;
    },
  };
}
