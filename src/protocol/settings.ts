import * as z from 'zod';
import { commandRules, readCommandRules } from './commandRule.ts';

/**
 * `application` settings come from the user's own settings alone: neither a repository nor the machine at the other end
 * of a remote window, which a development container's definition may fill, can set or loosen them. `window` settings
 * may come from anywhere, so nothing that guards anything is among them.
 */
type SettingScope = 'application' | 'window';

type Setting<Schema extends z.ZodType> = {
  readonly schema: Schema;
  readonly scope: SettingScope;
  readonly description: string;
};

function setting<Schema extends z.ZodType>(
  scope: SettingScope,
  schema: Schema,
  description: string,
): Setting<Schema> {
  return { schema, scope, description };
}

const globs = z.array(z.string().min(1));
const price = z.number().min(0).max(1_000_000).default(0);
/** An amount at which a person is asked; 0 never asks. */
const amount = (normal: number) => z.int().min(0).max(1_000_000_000_000).default(normal);
const cost = (normal: number) => z.number().min(0).max(1_000_000_000).default(normal);

/** Every setting, once: package.json is generated from here. Keys stand under `warrant.`. */
export const settings = {
  'model.provider': setting(
    'application',
    z.enum(['rehearsal', 'openai']).default('rehearsal'),
    '`rehearsal` is a built-in fixed script that needs no key and no network; `openai` is any endpoint that speaks the OpenAI chat completions protocol.',
  ),
  'model.baseUrl': setting(
    'application',
    z.url().default('https://api.openai.com/v1'),
    'Base URL of the endpoint. Must be https, except on this machine (127.0.0.1, localhost, [::1]).',
  ),
  'model.name': setting(
    'application',
    z.string().default(''),
    'Name of the model, as the endpoint knows it.',
  ),
  'model.keyVariable': setting(
    'application',
    z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$|^$/)
      .default(''),
    'Name of an environment variable that holds the API key. When empty, the key stored by *Warrant: Set API Key* is used. Keys never stand in settings.',
  ),
  'model.maxOutputTokens': setting(
    'application',
    z.int().min(0).max(1_000_000).default(0),
    'Most tokens the model may write in one answer; 0 leaves it to the endpoint.',
  ),
  'model.contextTokens': setting(
    'application',
    z.int().min(4_000).max(100_000_000).default(128_000),
    'How many tokens fit into the model’s context window. Near it, Warrant asks you instead of sending.',
  ),
  'model.idleSeconds': setting(
    'application',
    z.int().min(1).max(3_600).default(90),
    'Seconds without a byte from the model after which a request counts as stalled.',
  ),
  'model.priceInput': setting(
    'application',
    price,
    'What a million tokens sent to the model cost, in your currency. 0 means unknown: then cost is neither shown nor limited.',
  ),
  'model.priceCached': setting(
    'application',
    price,
    'What a million tokens cost that the endpoint already had in its cache. 0 means that they cost as much as others.',
  ),
  'model.priceOutput': setting(
    'application',
    price,
    'What a million tokens written by the model cost, in your currency. 0 means unknown: then cost is neither shown nor limited.',
  ),
  'paths.read': setting(
    'application',
    globs.default(['**']),
    'Files the agent may read, list and search, as globs relative to each workspace folder.',
  ),
  'paths.write': setting(
    'application',
    globs.default(['**']),
    'Files for which the agent may propose edits, as globs relative to each workspace folder. Every edit is still shown to you, unless *Edits: Allow* names the file.',
  ),
  'paths.deny': setting(
    'application',
    globs.default([
      '**/.env',
      '**/.env.*',
      '**/*.pem',
      '**/*.key',
      '**/*.p12',
      '**/*.pfx',
      '**/*.keystore',
      '**/*.jks',
      '**/id_rsa',
      '**/id_dsa',
      '**/id_ecdsa',
      '**/id_ed25519',
      '**/.ssh/**',
      '**/.gnupg/**',
      '**/.aws/**',
      '**/.netrc',
      '**/.git-credentials',
    ]),
    'Files the agent may neither read nor write, whatever else allows it. Matched on the path as written and on the real path behind links.',
  ),
  'edits.allow': setting(
    'application',
    globs.default([]),
    'Files whose edits are applied without asking, as globs relative to each workspace folder. Protected files are asked all the same.',
  ),
  'files.maxBytes': setting(
    'application',
    z.int().min(1_024).max(1_000_000_000).default(10_485_760),
    'Files larger than this are refused, in bytes.',
  ),
  'commands.enabled': setting(
    'application',
    z.boolean().default(false),
    'Let the agent propose shell commands. Those that only read and print what it may read run in the sandbox without a question; every other one is shown to you before it runs, and destructive ones are refused even then.',
  ),
  'commands.interpreters': setting(
    'application',
    z.boolean().default(false),
    'Let the agent propose commands that hand code to an interpreter (`python -c`, `node -e`, `bash -c` and their kin).',
  ),
  'commands.rules': setting(
    'application',
    commandRules.default([]),
    'Rules about commands. `argv` is how the words of a command begin, `*` as the last word stands for any further words; `verdict` is `allow`, `ask` or `deny`. Rules that allow are read word by word and count only where every command of a plain line is allowed and nothing else speaks against it; rules that ask or deny cover further words, wrapped commands and options in between. `matches` and `rejects` are example lines; a rule that contradicts them refuses its program.',
  ),
  'commands.timeoutSeconds': setting(
    'application',
    z.int().min(1).max(600).default(60),
    'Seconds after which a command and everything it started is stopped.',
  ),
  'commands.sandbox': setting(
    'application',
    z.enum(['auto', 'required', 'off']).default('auto'),
    'Run commands inside a sandbox of the operating system (bubblewrap on Linux, Seatbelt on macOS): they write only in the workspace, see nothing of your home folder but the programs on your PATH, and have no network. `auto` uses it where it works and says on the card where it does not; `required` refuses commands where it does not; `off` never uses it. The sandbox never replaces your approval.',
  ),
  'limits.stepsPerTurn': setting(
    'application',
    z.int().min(1).max(10_000).default(100),
    'Requests to the model in one turn after which Warrant asks you whether to go on.',
  ),
  'limits.modelCallsPerMinute': setting(
    'application',
    amount(60),
    'Requests to the model within one minute, tries that failed among them, at which Warrant asks you; 0 never asks.',
  ),
  'limits.toolCallsPerMinute': setting(
    'application',
    amount(240),
    'Tool calls within one minute above which Warrant asks you before it does any of them; 0 never asks.',
  ),
  'limits.tokensPerTurn': setting(
    'application',
    amount(5_000_000),
    'Tokens sent and received in one turn at which Warrant asks you whether to go on; 0 never asks.',
  ),
  'limits.tokensPerSession': setting(
    'application',
    amount(20_000_000),
    'Tokens sent and received in one session at which Warrant asks you whether to go on; 0 never asks.',
  ),
  'limits.tokensPerDay': setting(
    'application',
    amount(50_000_000),
    'Tokens sent and received on one day (UTC), in all windows, at which Warrant asks you whether to go on; 0 never asks.',
  ),
  'limits.costPerSession': setting(
    'application',
    cost(10),
    'What one session may cost before Warrant asks you, in the currency of *Model: Price Input* and *Price Output*; 0 never asks.',
  ),
  'limits.costPerDay': setting(
    'application',
    cost(50),
    'What all windows together may cost on one day (UTC) before Warrant asks you, in the same currency; 0 never asks.',
  ),
  'limits.minutesPerTurn': setting(
    'application',
    amount(60),
    'Minutes that one turn may work before Warrant asks you; the time it waits for you does not count. 0 never asks.',
  ),
  'limits.commandOutputPerTurn': setting(
    'application',
    amount(20_000_000),
    'Bytes that commands may print in one turn before Warrant asks you; of each command the first 4 MiB count. 0 never asks.',
  ),
  'audit.folder': setting(
    'application',
    z.string().default(''),
    'Absolute folder for audit files. When empty they stand in the extension’s own storage. A folder inside the workspace is refused.',
  ),
} as const;

type SettingKey = keyof typeof settings;
export type Settings = { readonly [Key in SettingKey]: z.output<(typeof settings)[Key]['schema']> };

export type SettingProblem = { readonly key: string; readonly because: string };

/**
 * Reads settings as they stand in a settings file, keys without `warrant.`. A value that does not fit counts as a
 * problem and the default stands in its place; the defaults are the strict ones, so a slip never loosens anything.
 * The exceptions: a deny list that cannot be read denies everything, a rule about commands that cannot be read refuses
 * its program, and a wish for a sandbox that cannot be read requires one.
 */
export function parseSettings(raw: { readonly [key: string]: unknown }): {
  settings: Settings;
  problems: readonly SettingProblem[];
} {
  const problems: SettingProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, { schema }] of Object.entries(settings)) {
    const parsed = schema.safeParse(raw[key]);
    if (parsed.success) {
      values[key] = parsed.data;
      continue;
    }
    if (key === 'commands.rules') {
      const read = readCommandRules(raw[key]);
      problems.push({ key, because: read.problems.join('; ') });
      values[key] = read.rules;
      continue;
    }
    problems.push({ key, because: parsed.error.issues.map((issue) => issue.message).join('; ') });
    values[key] = fallback(key, schema);
  }
  return { settings: values as Settings, problems };
}

function fallback(key: string, schema: z.ZodType): unknown {
  if (key === 'paths.deny') return ['**'];
  if (key === 'commands.sandbox') return 'required';
  if (key === 'paths.read' || key === 'paths.write') return [];
  return schema.parse(undefined);
}
