import type { Json } from '../../protocol/canonicalJson.ts';

type Members = { readonly [name: string]: Json | undefined };

/** The contents of an inference, as the GenAI conventions shape them. */
export function genAiContent(request: Members, answer: Json | undefined, finish: string | undefined) {
  const messages = listOf(request['messages']).map(membersOf);
  const system = messages.filter(({ role }) => role === 'system');
  return {
    'gen_ai.system_instructions': system.flatMap((message) => partsOf(message)),
    'gen_ai.input.messages': messages
      .filter(({ role }) => role !== 'system')
      .map((message) => ({ role: message['role'], parts: partsOf(message) })),
    'gen_ai.output.messages':
      answer === undefined
        ? undefined
        : [{ role: 'assistant', parts: partsOf(membersOf(answer)), finish_reason: finish ?? '' }],
    'gen_ai.tool.definitions': listOf(request['tools']).map((tool) => ({
      type: 'function',
      ...membersOf(membersOf(tool)['function']),
    })),
  };
}

function partsOf(message: Members): Json[] {
  const { role, content } = message;
  if (role === 'tool')
    return [{ type: 'tool_call_response', id: message['tool_call_id'], response: content }];
  const parts: Json[] = [];
  if (typeof content === 'string' && content !== '') parts.push({ type: 'text', content });
  for (const call of listOf(message['tool_calls']).map(membersOf)) {
    const called = membersOf(call['function']);
    parts.push({ type: 'tool_call', id: call['id'], name: called['name'], arguments: called['arguments'] });
  }
  return parts;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function membersOf(value: Json | undefined): Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Members) : {};
}
