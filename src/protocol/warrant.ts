import type { Brand } from './brand.ts';
import type { Digest } from './digest.ts';
import type { Effect } from './effect.ts';
import { effectDigest } from './effectDigest.ts';
import type { ExecutableFacts } from './facts.ts';

/**
 * The single-use proof that an effect may be performed. It says which effect and which programs; holding one is
 * worth nothing unless the office that issued it knows it.
 */
export type Warrant = {
  readonly id: Brand<'WarrantId'>;
  readonly effect: Digest;
  readonly executables: readonly ExecutableFacts[];
};

export type IssueWarrant = (effect: Effect, executables: readonly ExecutableFacts[]) => Warrant;

/** Throws when the warrant is forged, used, or for another effect: that is a bug or an attack, never an expected outcome. */
export type RedeemWarrant = (warrant: Warrant, effect: Effect) => void;

/** The two halves are handed out apart: `issue` to the gate alone, `redeem` to io alone. */
export function warrantOffice(): { issue: IssueWarrant; redeem: RedeemWarrant } {
  const open = new WeakSet<Warrant>();
  let issued = 0;
  return {
    issue(effect, executables) {
      issued += 1;
      const id = `w${issued}` as Warrant['id'];
      const warrant: Warrant = Object.freeze({ id, effect: effectDigest(effect), executables });
      open.add(warrant);
      return warrant;
    },
    redeem(warrant, effect) {
      if (!open.delete(warrant))
        throw new Error('This warrant was not issued here or was used before; nothing was done.');
      if (warrant.effect !== effectDigest(effect))
        throw new Error('This warrant is for another effect; nothing was done.');
    },
  };
}
