import { isAbsolute, join, resolve, sep } from 'node:path';
import { commandEndOnRecord } from './agent/commandEndOnRecord.ts';
import { createSession, type Session } from './agent/session.ts';
import { createAuditLog } from './audit/auditLog.ts';
import { checkHeads, type HeadFinding } from './audit/checkHeads.ts';
import { redactingStream } from './audit/redactingStream.ts';
import { redactingWatcher } from './audit/redactingWatcher.ts';
import { createRedactor } from './audit/redactor.ts';
import { randomKey } from './audit/seal.ts';
import type { Secret } from './audit/secretsOf.ts';
import { createConfinement } from './io/confinement.ts';
import { openAppendFile } from './io/files/appendFile.ts';
import { logFiles } from './io/files/logFiles.ts';
import { CHECKPOINT_LIMITS, pruneCheckpoints } from './io/files/checkpointFolder.ts';
import { createCheckpointStore, type CheckpointStore } from './io/files/checkpointStore.ts';
import { createOutputFiles } from './io/files/outputFiles.ts';
import { createDayTotals } from './io/files/dayTotals.ts';
import { recoverJournal } from './io/files/recoverJournal.ts';
import type { Sandbox } from './io/sandbox/createSandbox.ts';
import { createWorld } from './io/world.ts';
import { codePieces } from './policy/command/codePieces.ts';
import { openPolicy, type OpenPolicy } from './openPolicy.ts';
import { openWhatIf } from './openWhatIf.ts';
import type { ManagedPlace } from './io/files/policyFiles.ts';
import type { Policy } from './policy/decide.ts';
import type { Model } from './protocol/model.ts';
import type { BackgroundCommand, Problem } from './protocol/outcome.ts';
import type {
  Approver,
  AuditLog,
  Clock,
  CompareLines,
  LiveOutput,
  OpenDocuments,
  ProblemWatch,
  Watcher,
  Workspace,
} from './protocol/ports.ts';
import type { AuditRecord, RecordEntry } from './protocol/record.ts';
import type { HeadMirror, SealKeys } from './protocol/seal.ts';
import type { Settings } from './protocol/settings.ts';
import { lineDiffs } from './review/fileDiff.ts';
import { warrantOffice } from './protocol/warrant.ts';
import type { Question, WhatIf } from './protocol/whatIf.ts';
import type { WorkspacePath } from './protocol/workspacePath.ts';

export type OpenSessionOptions = {
  readonly version: string;
  /** Absolute folder for records and journals, outside every workspace. */
  readonly storage: string;
  /** Absolute folder for what was used each day, shared by all windows; `usage` in the storage when absent. */
  readonly usageFolder?: string;
  readonly workspace: Workspace;
  /** Read anew at each use. */
  readonly settings: () => Settings;
  readonly model: () => Model;
  readonly secrets: readonly Secret[];
  readonly environment: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly approver: Approver;
  readonly watcher: Watcher;
  readonly live: LiveOutput;
  readonly openDocuments: OpenDocuments;
  readonly problems: (path?: WorkspacePath) => readonly Problem[];
  /** Where large texts are compared; without it, here. */
  readonly compare?: CompareLines;
  /** Where an editor looks at what an edit did. */
  readonly problemWatch?: ProblemWatch;
  readonly ripgrepCandidates: readonly string[];
  /** Tried out on first use; one for the whole process. */
  readonly sandbox: () => Promise<Sandbox>;
  readonly onRecord: (record: AuditRecord, line: string) => void;
  readonly sealKeys: SealKeys;
  /** The heads of the logs of a folder, kept outside of it, where there is such a place. */
  readonly mirror?: (folder: string) => HeadMirror;
  /** Where the machine-wide policy stands, where that is not where the platform has it. */
  readonly managedPolicies?: readonly ManagedPlace[];
};

export type OpenSession = Session & {
  readonly id: string;
  /** The audit file. */
  readonly file: string;
  /** For what happens around the session: trust and settings that change. */
  note(entry: RecordEntry): Promise<void>;
  /** Secrets that became known after the session began; they are redacted from here on. */
  alsoRedact(secrets: readonly Secret[]): void;
  /** The policy in force now, and what it is put together from. */
  policy(): Policy;
  readonly policySource: Pick<OpenPolicy, 'effective' | 'refresh' | 'grants'>;
  /** What the policy in force now would say, without anything being done or recorded. */
  whatIf(question: Question): Promise<WhatIf>;
  /** What came out when the logs of earlier sessions were compared with their heads; it stands on the record too. */
  readonly findings: readonly HeadFinding[];
  /** Seals from here on with a new key; the old one's public half is kept. */
  rotateKey(): Promise<void>;
  /** The key of the first epoch, for an auditor: once, and only as long as that epoch lasts. */
  takeEpochKey(): string | undefined;
  /** The commands the agent started in the background, and how to end one. */
  background(): readonly BackgroundCommand[];
  stopBackground(command: string): Promise<void>;
  close(): Promise<void>;
};

/** Puts one session together from its ports. Rejects with a clear sentence when its record cannot be opened. */
export async function openSession(options: OpenSessionOptions): Promise<OpenSession> {
  const { clock, settings, workspace } = options;
  const id = clock.id();
  const folder = auditFolder(settings(), options.storage, workspace);
  const file = join(folder, `${id}.jsonl`);
  const usageFolder = options.usageFolder ?? join(options.storage, 'usage');
  const redactor = createRedactor({ secrets: options.secrets, key: Buffer.from(clock.id()) });
  const mirror = options.mirror?.(folder);
  const heads = mirror === undefined ? { findings: [] } : await checkHeads(mirror, logFiles(folder));
  const sealKey = await options.sealKeys.current();
  const log = createAuditLog({
    file: await openAppendFile(file),
    session: id,
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    sealKey,
    epochKey: randomKey(),
    ...(mirror === undefined ? {} : { mirror }),
    redact: (text) => redactor.redact(text),
    onRecord: options.onRecord,
  });
  const { managedPolicies } = options;
  const ownFolders = [options.storage, folder, usageFolder];
  const policy = await openPolicy({
    ...options,
    ownFolders,
    redactor,
    audit: log,
    ...(managedPolicies === undefined ? {} : { managed: managedPolicies }),
  });
  const policyNow = policy.now;
  const office = warrantOffice();
  const outputs = createOutputFiles(join(options.storage, 'output', id), () => redactingStream(redactor));
  const confinement = createConfinement({
    sandbox: options.sandbox,
    mode: () => settings()['commands.sandbox'],
    ownFolders,
    home: options.environment['HOME'] ?? '/',
  });
  const world = createWorld({
    workspace,
    redeem: office.redeem,
    openDocuments: options.openDocuments,
    mayRead: (path, kind) => (kind === 'file' ? policyNow().mayRead(path) : policyNow().mayEnter(path)),
    piecesOf: codePieces,
    looksSecret: (path) => policyNow().looksSecret(path),
    mayReadKnown: (facts) => policyNow().decideRead(facts).verdict === 'allow',
    maxFileBytes: () => settings()['files.maxBytes'],
    environment: options.environment,
    journalDir: journalFolder(options.storage),
    ripgrepCandidates: options.ripgrepCandidates,
    outputs,
    confinement,
    backgroundEnded({ command, end, ms }) {
      const detail = { ...commandEndOnRecord(end), ms };
      // A record that cannot be written is said by the next step, which then does not happen.
      log.record({ kind: 'background.ended', data: { command, detail } }).catch(() => undefined);
    },
    problems: options.problems,
    clock,
  });
  const checkpoints = await openCheckpoints(options.storage, id, clock);
  const platform = `${process.platform} ${process.arch}`;
  const model = options.model();
  await log.record({
    kind: 'session.opened',
    data: {
      version: options.version,
      platform,
      model: model.name,
      endpoint: model.endpoint,
      roots: workspace.roots.map((root) => root.name),
      trusted: workspace.trusted(),
      settings: settings(),
      policy: policyNow().digest,
      ...(heads.previous === undefined ? {} : { previous: heads.previous }),
    },
  });
  await policy.begin();
  for (const finding of heads.findings) await recordFinding(log, finding, mirror);
  for (const because of await settleEdits(options.storage, clock))
    await log.record({ kind: 'gap', data: { because } });
  const session = createSession({
    ...options,
    compare: options.compare ?? ((effect) => Promise.resolve(lineDiffs(effect))),
    checkpoints,
    dayTotals: createDayTotals(usageFolder, id),
    audit: log,
    world,
    redactor,
    watcher: redactingWatcher(options.watcher, redactor),
    issue: office.issue,
    judge: policyNow,
    settings: policy.settings,
    model: () => policy.guarded(options.model()),
    approver: {
      ask: async (card, signal, shown) => {
        const answer = await options.approver.ask(card, signal, shown);
        // A person may take a while; what they answered to is judged by the policy as it is by then.
        await policy.refresh();
        return answer;
      },
    },
    grants: policy.grants,
    refresh: policy.refresh,
    platform,
  });
  const ask = openWhatIf({ ...options, policy: policyNow, sandbox: confinement.facts });
  return {
    ...session,
    async whatIf(question) {
      await policy.refresh();
      return ask(question);
    },
    policySource: policy,
    id,
    file,
    policy: policyNow,
    note(entry) {
      if (entry.kind === 'policy.changed') policy.recorded(entry.data.policy);
      return log.record(entry);
    },
    alsoRedact: (secrets) => redactor.also(secrets),
    findings: heads.findings,
    rotateKey: async () => log.rotate(await options.sealKeys.rotate()),
    takeEpochKey: () => log.takeEpochKey(),
    background: () => world.background(),
    stopBackground: (command) => world.stopBackground(command),
    async close() {
      try {
        await world.stopBackground();
        await log.close();
      } finally {
        await checkpoints.close();
        await outputs.remove();
      }
    },
  };
}

/**
 * Makes all or nothing of every edit that a crash cut off, and says in sentences what became of each. To be called
 * when the product starts, before anyone works on.
 */
export async function settleEdits(storage: string, clock: Clock): Promise<readonly string[]> {
  const settled = await recoverJournal(journalFolder(storage), clock.now());
  return settled.map((edit) => {
    const files = edit.paths.length === 0 ? 'unknown files' : edit.paths.join(', ');
    switch (edit.kind) {
      case 'completed':
        return `An edit of ${files} was cut off by a crash after it was applied; it stands as approved.`;
      case 'rolledBack':
        return `An edit of ${files} was cut off by a crash; the files are as they were before it.`;
      case 'left':
        return `An edit of ${files} was cut off by a crash and could not be settled (${edit.because}); the text before it is kept in ${edit.journal}.`;
    }
  });
}

/** Once it stands on the record that a log is not what it was, there is nothing more to compare it with. */
async function recordFinding(
  log: AuditLog,
  finding: HeadFinding,
  mirror: HeadMirror | undefined,
): Promise<void> {
  const { because } = finding;
  if (finding.kind === 'alert')
    await log.recordDurably({ kind: 'alert', data: { rule: 'audit.head', severity: 'high', because } });
  await log.record({ kind: 'gap', data: { because } });
  if (finding.kind !== 'notice') await mirror?.forget(finding.session);
}

async function openCheckpoints(storage: string, session: string, clock: Clock): Promise<CheckpointStore> {
  const folder = join(storage, 'checkpoints');
  // What cannot be removed now is looked at again by the next session; it must not keep this one from beginning.
  await pruneCheckpoints(folder, clock.now(), CHECKPOINT_LIMITS).catch(() => undefined);
  return createCheckpointStore({ folder, session, clock });
}

function journalFolder(storage: string): string {
  return join(storage, 'journal');
}

function auditFolder(settings: Settings, storage: string, workspace: Workspace): string {
  const wanted = settings['audit.folder'];
  if (wanted === '') return join(storage, 'audit');
  if (!isAbsolute(wanted))
    throw new Error(
      `warrant.audit.folder is not an absolute path (${wanted}), so no session was opened; give one, or leave it empty.`,
    );
  const folder = resolve(wanted);
  const inside = workspace.roots.some((root) => folder === root.dir || folder.startsWith(root.dir + sep));
  if (inside)
    throw new Error(
      'warrant.audit.folder lies inside the workspace, where the agent could reach it, so no session was opened; choose a folder outside.',
    );
  return folder;
}
