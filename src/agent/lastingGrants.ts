import type { Decision } from '../protocol/decision.ts';
import type { CommandEffect } from '../protocol/effect.ts';
import { effectDigest } from '../protocol/effectDigest.ts';
import type { Facts } from '../protocol/facts.ts';
import { GRANT_DAYS, type Grant, type GrantCover, type GrantScope } from '../protocol/grant.ts';
import type { AuditLog, Clock, GrantStore, Redactor } from '../protocol/ports.ts';

/** What the gate may do about approvals that last. */
export type GrantDesk = {
  /** How long an approval of this may last besides this once. */
  scopes(effect: CommandEffect, facts: Facts, decision: Decision): readonly GrantScope[];
  /** Records and keeps the approval that a person gave. Rejects only when the record cannot be kept. */
  keep(call: string, effect: CommandEffect, facts: Facts, scope: GrantScope): Promise<void>;
};

/** Approvals that last: those of this session in memory, the others in the store as well. */
export type LastingGrants = {
  /** Those that hold now, newest first. */
  holding(): readonly Grant[];
  /** Reads the store anew, since other windows give and revoke as well; gives sentences about what cannot be read. */
  refresh(): Promise<readonly string[]>;
  /** Records and keeps one. Rejects only when the record cannot be kept. */
  keep(call: string, effect: CommandEffect, cover: GrantCover, scope: GrantScope): Promise<void>;
  /** Ends one; false where there is none. Rejects when it could not be taken out of the store or recorded. */
  revoke(id: string): Promise<boolean>;
};

export type LastingGrantsPorts = {
  readonly store: GrantStore;
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'recordDurably'>;
  readonly redactor: Redactor;
  /** Digest of the folders of the window: what is granted in one workspace says nothing about another. */
  readonly workspace: string;
};

const DAY_MS = 86_400_000;

export function createLastingGrants({
  store,
  clock,
  audit,
  redactor,
  workspace,
}: LastingGrantsPorts): LastingGrants {
  let kept: readonly Grant[] = [];
  let ofSession: readonly Grant[] = [];

  const holding = (): readonly Grant[] => {
    const now = clock.now();
    return [...kept, ...ofSession]
      .filter((grant) => grant.workspace === workspace && grant.from <= now && now < grant.until)
      .sort((one, other) => other.from - one.from);
  };

  async function refresh(): Promise<readonly string[]> {
    const { grants, problems } = await store.read();
    // Whatever a file says, nothing holds longer than it may.
    kept = grants.map((grant) => ({
      ...grant,
      until: Math.min(grant.until, grant.from + GRANT_DAYS * DAY_MS),
    }));
    return problems;
  }

  async function revoked(id: string, because: string): Promise<void> {
    await audit.recordDurably({ kind: 'grant.revoked', data: { grant: id, because } });
  }

  return {
    holding,
    refresh,
    async keep(call, effect, cover, scope) {
      const from = clock.now();
      const grant: Grant = {
        ...cover,
        id: clock.id(),
        workspace,
        scope,
        from,
        until: from + GRANT_DAYS * DAY_MS,
      };
      await audit.recordDurably({
        kind: 'granted',
        data: {
          grant: grant.id,
          scope,
          calls: [call],
          effect: effectDigest(effect),
          text: redactor.redact(cover.text),
          folder: cover.folder,
          programs: cover.programs,
          code: cover.code,
          sandbox: cover.sandbox,
          until: new Date(grant.until).toISOString(),
        },
      });
      if (scope === 'session') {
        ofSession = [...ofSession, grant];
        return;
      }
      try {
        await store.add(grant);
        kept = [...kept, grant];
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        await revoked(grant.id, `it could not be kept (${what}), so it held this once only`);
      }
    },
    async revoke(id) {
      const known = [...kept, ...ofSession].find((grant) => grant.id === id);
      if (known === undefined) return false;
      // Gone first, then told: a revocation that cannot be recorded must not leave the approval in force.
      ofSession = ofSession.filter((grant) => grant.id !== id);
      kept = kept.filter((grant) => grant.id !== id);
      if (known.scope === 'always') await store.remove(id);
      await revoked(id, `you revoked it (${redactor.redact(known.text)})`);
      return true;
    },
  };
}
