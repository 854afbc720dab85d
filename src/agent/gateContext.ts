import type { ToolCall } from '../protocol/message.ts';
import type { ProblemWatch } from '../protocol/ports.ts';
import type { Change } from '../protocol/proposal.ts';
import type { Tool } from '../tools/tool.ts';
import type { GrantDesk } from './lastingGrants.ts';
import type { Road, RoadPorts } from './road.ts';

export type GatePorts = RoadPorts & {
  readonly problemWatch?: ProblemWatch;
  /** Every tool there is, whether offered now or not: a call to a tool that is switched off gets its reason. */
  readonly tools: () => readonly Tool[];
  readonly grants: GrantDesk;
  /** Reads anew what the policy rests on besides the settings: policy files and approvals that last. */
  readonly refresh: () => Promise<void>;
};

/** A call of the model under the id it has on the record; ids the model makes up need not be unique. */
export type GateCall = { readonly id: string; readonly call: ToolCall };

export type EditCall = GateCall & { readonly change: Change };

/** What one answer's calls share on their way through the gate. */
export type GateContext = GatePorts & {
  readonly road: Road;
  /** What the model wrote beside its calls. */
  readonly claim: string;
  readonly signal: AbortSignal;
};
