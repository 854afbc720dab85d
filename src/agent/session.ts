import { createContextWindow, type ContextWindow } from '../context/contextWindow.ts';
import { itemOf } from '../context/item.ts';
import { systemPrompt } from '../context/systemPrompt.ts';
import { createTokenGauge } from '../context/tokenGauge.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import type { RestoreEnd, RestorePoint, RestoreWish, StepCause } from '../protocol/checkpoint.ts';
import type { Item } from '../protocol/message.ts';
import type { Model } from '../protocol/model.ts';
import { AuditUnavailable, type DayTotals } from '../protocol/ports.ts';
import type { RequestParameters } from '../protocol/requestBody.ts';
import type { Settings } from '../protocol/settings.ts';
import type { UsageReport } from '../protocol/usage.ts';
import { toolbox } from '../tools/toolbox.ts';
import { countedModel } from './countedModel.ts';
import { createGate } from './gate.ts';
import type { GatePorts } from './gateContext.ts';
import { createSessionLimits, createTurnLimits } from './limits.ts';
import { metered, type Meter } from './metered.ts';
import { runRestore } from './restore.ts';
import { turnHistory } from './turnHistory.ts';
import { runTurn, type TurnEnd } from './turn.ts';
import { createUsageLedger } from './usageLedger.ts';

export type SessionPorts = Omit<GatePorts, 'tools' | 'cause'> & {
  /** Read at the start of each turn, so that a changed setting or model holds from the next message on. */
  readonly settings: () => Settings;
  readonly model: () => Model;
  readonly platform: string;
  readonly dayTotals: DayTotals;
};

/** Characters of a prompt by which a person knows a turn again. */
const PROMPT_BEGINNING = 200;

/** One conversation. Turns run one at a time. */
export type Session = {
  /** Runs one turn to its end; never rejects. Throws when a turn is still running. */
  send(text: string): Promise<TurnEnd>;
  /** Shows what would go back and does what the person accepts of it; never rejects. Throws when a turn is running. */
  restore(wish: RestoreWish): Promise<RestoreEnd>;
  /** The moments the files can be taken back to, over all sessions that are kept, oldest first. */
  restorePoints(): Promise<readonly RestorePoint[]>;
  /**
   * Ends the running turn: the request is aborted, the card withdrawn, the command's process tree killed, and so is
   * what runs in the background.
   */
  stop(): void;
  readonly running: () => boolean;
  /** Tokens of the next request and how many fit. */
  readonly tokens: () => { used: number; of: number };
  /** What was used until now. */
  readonly usage: () => UsageReport;
};

export function createSession(outer: SessionPorts): Session {
  const meter: Meter = { waitedMs: 0, printed: 0 };
  const ports = metered(outer, meter);
  const ledger = createUsageLedger(ports.clock, ports.dayTotals, ports.settings);
  const sessionLimits = createSessionLimits(ports.clock);
  const gauge = createTokenGauge();
  let cause: StepCause | undefined;
  const gate = createGate({ ...ports, tools: () => toolbox(ports.settings(), 'all'), cause: causeNow });
  let context: ContextWindow | undefined;
  let contextKey = '';
  let turn = 0;
  let restores = 0;
  let stopping: AbortController | undefined;

  function causeNow(): StepCause {
    if (cause === undefined) throw new Error('An edit was applied outside any turn.');
    return cause;
  }

  /** The same window grows as long as model, tools and parameters stay; otherwise the messages go into a new one. */
  function contextFor(model: Model, settings: Settings): ContextWindow {
    const tools = toolbox(settings, 'offered').map((tool) => itemOf(tool.definition, 'system'));
    const parameters = requestParameters(model, settings);
    const key = canonicalJson([model.endpoint, parameters, tools.map((tool) => tool.digest)]);
    if (context !== undefined && key === contextKey) return context;
    const next = createContextWindow({ endpoint: model.endpoint, parameters, tools });
    next.append(itemOf({ role: 'system', content: promptText(ports, settings) }, 'system'));
    for (const message of pastMessages(context)) next.append(message);
    context = next;
    contextKey = key;
    return next;
  }

  async function oneTurn(text: string, signal: AbortSignal): Promise<TurnEnd> {
    await ports.refresh();
    const settings = ports.settings();
    const model = countedModel(ports.model(), {
      sent: () => sessionLimits.modelCalls.add(1),
      used: (usage, isEstimate) => ledger.add(usage, isEstimate),
      tokens: (bytes) => gauge.tokens(bytes),
    });
    const current = contextFor(model, settings);
    const prompt = ports.redactor.redact(text.toWellFormed());
    cause = { kind: 'turn', turn, prompt: prompt.slice(0, PROMPT_BEGINNING).toWellFormed() };
    current.append(itemOf({ role: 'user', content: prompt }, 'user'));
    meter.waitedMs = 0;
    meter.printed = 0;
    await ledger.beginTurn();
    const limits = createTurnLimits({
      settings,
      clock: ports.clock,
      session: sessionLimits,
      ledger,
      waitedMs: () => meter.waitedMs,
      printed: () => meter.printed,
    });
    const redact = (secret: string) => ports.redactor.redact(secret);
    return runTurn({ ...ports, model, gate, context: current, gauge, limits, turn, redact }, signal);
  }

  return {
    running: () => stopping !== undefined,
    tokens: () => ({
      used: gauge.tokens(context?.bytes() ?? 0),
      of: ports.settings()['model.contextTokens'],
    }),
    usage: () => ledger.report(),
    restorePoints: async () => turnHistory(await ports.checkpoints.steps()).points,
    async restore(wish) {
      if (stopping !== undefined) throw new Error('A turn is still running.');
      const controller = new AbortController();
      stopping = controller;
      restores += 1;
      try {
        await ports.refresh();
        return await runRestore(ports, `restore.${restores}`, wish, controller.signal);
      } catch (error) {
        if (error !== undefined && error === controller.signal.reason) return { kind: 'rejected' };
        const because = error instanceof Error ? error.message : String(error);
        return { kind: 'failed', because: ports.redactor.redact(because) };
      } finally {
        stopping = undefined;
        ports.watcher.state({ kind: 'idle' });
      }
    },
    stop() {
      stopping?.abort(new DOMException('You stopped the turn.', 'AbortError'));
      // One gesture stops everything: nothing of the agent's runs on after it.
      void ports.world.stopBackground();
    },
    async send(text) {
      if (stopping !== undefined) throw new Error('A turn is still running.');
      const controller = new AbortController();
      stopping = controller;
      turn += 1;
      try {
        const end = await oneTurn(text, controller.signal);
        await ports.audit.record({ kind: 'turn', data: turnOnRecord(end) });
        return end;
      } catch (error) {
        return await failedEnd(ports, error);
      } finally {
        stopping = undefined;
        ports.watcher.textEnded();
        ports.watcher.state({ kind: 'idle' });
      }
    },
  };
}

function promptText(ports: SessionPorts, settings: Settings): string {
  const { roots } = ports.workspace;
  return systemPrompt({ roots, platform: ports.platform, commandsEnabled: settings['commands.enabled'] });
}

function pastMessages(context: ContextWindow | undefined): readonly Item[] {
  return context?.messages.filter((item) => item.origin !== 'system') ?? [];
}

function requestParameters(model: Model, settings: Settings): RequestParameters {
  const most = settings['model.maxOutputTokens'];
  return {
    model: model.name,
    stream: true,
    stream_options: { include_usage: true },
    ...(most === 0 ? {} : { max_tokens: most }),
  };
}

/** Bugs end here, once. What cannot be recorded cannot go on; the person is told either way. */
async function failedEnd(ports: SessionPorts, error: unknown): Promise<TurnEnd> {
  const because = error instanceof Error ? error.message : String(error);
  const end: TurnEnd = { ended: 'failed', because: ports.redactor.redact(because) };
  if (error instanceof AuditUnavailable) return end;
  try {
    await ports.audit.record({ kind: 'turn', data: turnOnRecord(end) });
  } catch (unrecorded) {
    const why = unrecorded instanceof Error ? unrecorded.message : String(unrecorded);
    return { ...end, because: `${end.because} ${why}` };
  }
  return end;
}

function turnOnRecord({ ended, because }: TurnEnd) {
  return because === undefined ? { ended } : { ended, because };
}
