import { refusalFor } from './layerJudges.ts';
import type { PolicyLayer } from './policyLayer.ts';

/** `endpoint` is a base URL, or what stands for one, such as `rehearsal:`. */
export type ChosenModel = { readonly name: string; readonly endpoint: string };

/** Why a model may not be used, in a sentence; nothing where it may. Values are compared as they are written. */
export function modelRefusal(layers: readonly PolicyLayer[], chosen: ChosenModel): string | undefined {
  const provider = providerOf(chosen.endpoint);
  for (const layer of layers) {
    const { source, providers, models, endpoints } = layer;
    const refused = refusalFor(layer, 'models');
    if (refused !== undefined) return `No model may be used: ${refused}.`;
    if (providers?.includes(provider) === false)
      return `${source} allows ${named('provider', providers)}, and ${provider} is chosen.`;
    // Rehearsal is no model and goes nowhere; whether it may be used is a matter of providers alone.
    if (provider === 'rehearsal') continue;
    if (models?.includes(chosen.name) === false)
      return `${source} allows ${named('model', models)}, and ${chosen.name} is chosen.`;
    if (endpoints?.map(bare).includes(bare(chosen.endpoint)) === false)
      return `${source} allows ${named('endpoint', endpoints)}, and ${chosen.endpoint} is chosen.`;
  }
  return undefined;
}

function providerOf(endpoint: string): string {
  return /^([a-z-]+):(?!\/\/)/.exec(endpoint)?.[1] ?? 'openai';
}

function bare(endpoint: string): string {
  return endpoint.replace(/\/+$/, '');
}

function named(what: string, values: readonly string[]): string {
  return values.length === 0 ? `no ${what}` : `the ${what} ${values.join(' or ')}`;
}
