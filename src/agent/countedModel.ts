import type { Model, ModelReply, Usage } from '../protocol/model.ts';

export type Counting = {
  /** A window is about to leave; a try that fails counts as well. */
  sent(): void;
  used(usage: Usage, isEstimate: boolean): Promise<void>;
  /** Tokens that so many bytes are, roughly. */
  tokens(bytes: number): number;
};

/**
 * The same model, counted. What an endpoint does not say is estimated, so that silence escapes no limit: a reply
 * without usage, and a reply that broke off after it had begun.
 */
export function countedModel(model: Model, counting: Counting): Model {
  const estimate = (body: Uint8Array, output: string): Usage => ({
    input: counting.tokens(body.length),
    output: counting.tokens(Buffer.byteLength(output)),
    cached: 0,
  });
  return {
    name: model.name,
    endpoint: model.endpoint,
    async *send(window, receipt, signal) {
      counting.sent();
      let begun = false;
      let text = '';
      for await (const event of model.send(window, receipt, signal)) {
        switch (event.kind) {
          case 'text':
            begun = true;
            text += event.text;
            break;
          case 'call':
            begun = true;
            break;
          case 'ended': {
            const { usage } = event.reply;
            const isSaid = usage !== undefined && usage.input + usage.output > 0;
            if (isSaid) await counting.used(usage, false);
            else await counting.used(estimate(window.body, writtenIn(event.reply)), true);
            break;
          }
          case 'failed':
            if (begun) await counting.used(estimate(window.body, text), true);
            break;
        }
        yield event;
      }
    },
  };
}

function writtenIn({ text, calls }: ModelReply): string {
  return text + calls.map((call) => call.name + call.arguments).join('');
}
