import { readCommandRules, type CommandRule } from '../protocol/commandRule.ts';
import {
  commandLimits,
  MANAGED_KEYS,
  namedValues,
  pathLimits,
  retentionBounds,
  WORKSPACE_KEYS,
  type PolicyFile,
} from '../protocol/policyFile.ts';

/** What a layer is about; `all` is everything, models included. */
export type LayerScope = 'all' | 'paths' | 'commands' | 'models';

type PathLimits = {
  readonly read?: readonly string[] | undefined;
  readonly write?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
  readonly 'edits.allow'?: readonly string[] | undefined;
};

type CommandLimits = {
  readonly enabled?: boolean | undefined;
  readonly interpreters?: boolean | undefined;
  readonly sandbox?: 'required' | 'any' | undefined;
  readonly grants?: 'none' | 'session' | 'always' | undefined;
  readonly mayAllow?: readonly (readonly string[])[] | undefined;
  readonly rules: readonly CommandRule[];
};

/**
 * What one policy file says. A layer only ever makes verdicts stricter: what it leaves out it leaves to the others.
 */
export type PolicyLayer = {
  readonly kind: 'managed' | 'workspace';
  /** The file, for people. */
  readonly source: string;
  /** The folder whose files it speaks of, by name; left out where it speaks of all. Commands are limited everywhere. */
  readonly root?: string;
  /** What is refused as a whole because the part that speaks of it could not be read. */
  readonly refused: readonly { readonly scope: LayerScope; readonly because: string }[];
  readonly paths: PathLimits;
  readonly commands: CommandLimits;
  readonly models?: readonly string[];
  readonly endpoints?: readonly string[];
  readonly providers?: readonly string[];
  readonly retention?: { readonly minDays?: number | undefined; readonly maxDays?: number | undefined };
  /** Sentences for the user about what could not be read and what is refused for it. */
  readonly problems: readonly string[];
};

/** A machine-wide policy; whoever administers the machine wrote it, and nobody loosens it. */
export function managedLayer(file: PolicyFile): PolicyLayer {
  return readLayer('managed', file, undefined);
}

/** The policy that a folder brings along; only read where the folder is trusted. */
export function workspaceLayer(file: PolicyFile, root: string): PolicyLayer {
  return readLayer('workspace', file, root);
}

/** Each part is read for itself: one that cannot be read refuses what it speaks of, the others count all the same. */
function readLayer(
  kind: PolicyLayer['kind'],
  { source, found }: PolicyFile,
  root: string | undefined,
): PolicyLayer {
  const base = { kind, source, ...(root === undefined ? {} : { root }) };
  const nothing = { ...base, paths: {}, commands: { rules: [] } };
  const unread = (because: string): PolicyLayer => ({
    ...nothing,
    refused: [{ scope: 'all', because: `${source} cannot be used: ${because}` }],
    problems: [`${source} cannot be used (${because}), so everything that it could limit is refused.`],
  });
  if (found.kind === 'unusable') return unread(found.because);
  const value = jsonObject(found.text);
  if (value === undefined) return unread('it is not a JSON object');
  const keys: readonly string[] = kind === 'managed' ? MANAGED_KEYS : WORKSPACE_KEYS;
  const unknown = Object.keys(value).filter((key) => !keys.includes(key) && key !== '$schema');
  if (unknown.length > 0) return unread(`it holds ${named(unknown)}, which nobody knows here`);
  const refused: { scope: LayerScope; because: string }[] = [];
  const problems: string[] = [];
  const part = <Value>(key: string, scope: LayerScope, schema: Schema<Value>): Value | undefined => {
    if (value[key] === undefined) return undefined;
    const parsed = schema.safeParse(value[key]);
    if (parsed.success) return parsed.data;
    const because = parsed.error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; ');
    refused.push({ scope, because: `"${key}" in ${source} cannot be read: ${because}` });
    problems.push(`"${key}" in ${source} cannot be read (${because}), so ${REFUSED[scope]}.`);
    return undefined;
  };
  const { rules: rawRules, ...limits } = part('commands', 'commands', commandLimits) ?? {};
  const { rules, problems: ruleProblems } =
    rawRules === undefined ? { rules: [], problems: [] } : readCommandRules(rawRules, ['ask', 'deny']);
  problems.push(...ruleProblems.map((text) => `"commands" in ${source}: ${text}.`));
  const paths = part('paths', 'paths', pathLimits) ?? {};
  const models = part('models', 'models', namedValues);
  const endpoints = part('endpoints', 'models', namedValues);
  const providers = part('providers', 'models', namedValues);
  const retention = part('retention', 'all', retentionBounds);
  return {
    ...base,
    paths,
    commands: { ...limits, rules },
    ...(models === undefined ? {} : { models }),
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(providers === undefined ? {} : { providers }),
    ...(retention === undefined ? {} : { retention }),
    refused,
    problems,
  };
}

type Schema<Value> = {
  safeParse(
    raw: unknown,
  ):
    | { success: true; data: Value }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
};

const REFUSED: { readonly [Scope in LayerScope]: string } = {
  all: 'everything is refused',
  paths: 'every file is refused',
  commands: 'every command is refused',
  models: 'every model is refused',
};

function jsonObject(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as { readonly [key: string]: unknown };
  } catch {
    return undefined;
  }
}

function named(keys: readonly string[]): string {
  return keys
    .slice(0, 5)
    .map((key) => JSON.stringify(key.slice(0, 40)))
    .join(', ');
}
