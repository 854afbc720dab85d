import { join } from 'node:path';
import { createLastingGrants, type GrantDesk, type LastingGrants } from './agent/lastingGrants.ts';
import { grantFolder } from './io/files/grantFolder.ts';
import {
  managedPlaces,
  readManagedPolicy,
  readWorkspacePolicy,
  type ManagedPlace,
} from './io/files/policyFiles.ts';
import { createPolicy, type Policy } from './policy/decide.ts';
import { effectivePolicy } from './policy/effectivePolicy.ts';
import { refusalFor } from './policy/layerJudges.ts';
import { modelRefusal } from './policy/modelRefusal.ts';
import { managedLayer, workspaceLayer, type PolicyLayer } from './policy/policyLayer.ts';
import { digestOfJson, type Digest } from './protocol/digest.ts';
import type { Model, ModelEvent } from './protocol/model.ts';
import type { PolicyFile } from './protocol/policyFile.ts';
import type { AuditLog, Clock, Redactor, Workspace } from './protocol/ports.ts';
import type { Settings } from './protocol/settings.ts';

export type OpenPolicyOptions = {
  readonly storage: string;
  /** Absolute folders of the product itself. */
  readonly ownFolders: readonly string[];
  readonly workspace: Workspace;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly audit: AuditLog;
  readonly environment: { readonly [name: string]: string | undefined };
  /** Where the machine-wide policy stands, where that is not where the platform has it. */
  readonly managed?: readonly ManagedPlace[];
};

/** The policy in force: settings, policy files and approvals that last, put together. */
export type OpenPolicy = {
  now(): Policy;
  /** The settings as the agent may see them: what a policy file switches off is not offered to the model either. */
  settings(): Settings;
  /** All of it with where each rule comes from, as a document in Markdown. */
  effective(): string;
  readonly grants: Pick<LastingGrants, 'holding' | 'revoke'> & GrantDesk;
  /**
   * Reads policy files and approvals anew. What became of the policy stands on the record: that it changed, and what
   * of it cannot be read.
   */
  refresh(): Promise<void>;
  /** From here on changes are recorded; before there is no session to record them in. */
  begin(): Promise<void>;
  /** Somebody else recorded that the policy is this one. */
  recorded(policy: string): void;
  /** The same model, as long as no policy file speaks against it; then nothing is sent. */
  guarded(model: Model): Model;
};

export async function openPolicy(options: OpenPolicyOptions): Promise<OpenPolicy> {
  const { workspace, settings, audit } = options;
  const places = options.managed ?? managedPlaces(options.environment);
  const lasting = createLastingGrants({
    store: grantFolder(join(options.storage, 'grants')),
    clock: options.clock,
    audit,
    redactor: options.redactor,
    workspace: digestOfJson(workspace.roots.map(({ dir }) => dir)),
  });
  let layers = await readLayers(places, workspace);
  let problems = await lasting.refresh();
  let of: { settings: Settings; layers: readonly PolicyLayer[] } | undefined;
  let policy: Policy | undefined;
  let narrow: { of: Settings; settings: Settings } | undefined;
  let onRecord: Digest | string | undefined;
  const told = new Set<string>();

  /** Compiling the rules costs something and seldom is anything new: one policy as long as nothing changes. */
  function now(): Policy {
    const current = settings();
    if (policy !== undefined && of?.settings === current && of.layers === layers) return policy;
    of = { settings: current, layers };
    policy = createPolicy(current, {
      ownFolders: options.ownFolders,
      trusted: () => workspace.trusted(),
      roots: () => workspace.roots.map(({ dir }) => dir),
      folders: () => workspace.roots,
      layers,
      grants: () => lasting.holding(),
    });
    return policy;
  }

  function narrowed(): Settings {
    const current = settings();
    const isOff = layers.some(
      (layer) => layer.commands.enabled === false || refusalFor(layer, 'commands') !== undefined,
    );
    if (!isOff || !current['commands.enabled']) return current;
    if (narrow?.of !== current) narrow = { of: current, settings: { ...current, 'commands.enabled': false } };
    return narrow.settings;
  }

  async function tell(): Promise<void> {
    for (const because of [...now().problems, ...problems]) {
      if (told.has(because)) continue;
      told.add(because);
      await audit.record({ kind: 'alert', data: { rule: 'policy.unreadable', severity: 'high', because } });
    }
  }

  async function refresh(): Promise<void> {
    const read = await readLayers(places, workspace);
    if (digestOfJson(read) !== digestOfJson(layers)) layers = read;
    problems = await lasting.refresh();
    if (onRecord === undefined) return;
    const { digest } = now();
    if (digest !== onRecord) {
      onRecord = digest;
      await audit.record({ kind: 'policy.changed', data: { policy: digest, settings: settings() } });
    }
    await tell();
  }

  return {
    now,
    settings: narrowed,
    effective: () =>
      effectivePolicy({
        settings: settings(),
        layers,
        grants: lasting.holding(),
        trusted: workspace.trusted(),
        digest: now().digest,
        problems: [...now().problems, ...problems],
      }),
    refresh,
    async begin() {
      onRecord = now().digest;
      await tell();
    },
    recorded(digest) {
      onRecord = digest;
    },
    grants: {
      holding: lasting.holding,
      revoke: lasting.revoke,
      async keep(call, effect, facts, scope) {
        const cover = now().grantCover(effect, facts);
        if (cover !== undefined) await lasting.keep(call, effect, cover, scope);
      },
      scopes: (effect, facts, decision) => now().grantScopes(effect, facts, decision),
    },
    guarded: (model) => ({
      name: model.name,
      endpoint: model.endpoint,
      send(window, receipt, signal) {
        const because = modelRefusal(layers, model);
        return because === undefined ? model.send(window, receipt, signal) : refusing(because);
      },
    }),
  };
}

async function readLayers(
  places: readonly ManagedPlace[],
  workspace: Workspace,
): Promise<readonly PolicyLayer[]> {
  const managed = await Promise.all(places.map((place) => readManagedPolicy(place)));
  return policyLayers(managed, workspace);
}

/**
 * What a workspace brings along counts only where it is trusted; elsewhere nothing may be done in it anyway. Managed
 * policies are as they were found.
 */
export async function policyLayers(
  managed: readonly (PolicyFile | undefined)[],
  workspace: Workspace,
): Promise<readonly PolicyLayer[]> {
  const brought = workspace.trusted()
    ? await Promise.all(
        workspace.roots.map(async ({ name, dir }) => ({ name, file: await readWorkspacePolicy(dir) })),
      )
    : [];
  return [
    ...managed.flatMap((file) => (file === undefined ? [] : [managedLayer(file)])),
    ...brought.flatMap(({ name, file }) => (file === undefined ? [] : [workspaceLayer(file, name)])),
  ];
}

async function* refusing(because: string): AsyncGenerator<ModelEvent> {
  yield await Promise.resolve({
    kind: 'failed',
    failure: { kind: 'refused', because: `${because} Nothing was sent.`, again: false },
  });
}
