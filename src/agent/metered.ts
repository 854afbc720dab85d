import type { Approver, Clock, LiveOutput } from '../protocol/ports.ts';

/** Milliseconds in which a person was asked, and bytes that commands printed, since somebody set them to zero. */
export type Meter = { waitedMs: number; printed: number };

type MeteredPorts = {
  readonly approver: Approver;
  readonly live: LiveOutput;
  readonly clock: Pick<Clock, 'now'>;
};

/** The same ports, with an eye on how long a person was asked and how much commands print. */
export function metered<Ports extends MeteredPorts>(ports: Ports, meter: Meter): Ports {
  return {
    ...ports,
    approver: {
      async ask(card, signal, shown) {
        const from = ports.clock.now();
        try {
          return await ports.approver.ask(card, signal, shown);
        } finally {
          meter.waitedMs += ports.clock.now() - from;
        }
      },
    },
    live(...said: Parameters<LiveOutput>) {
      meter.printed += Buffer.byteLength(said[0]);
      ports.live(...said);
    },
  };
}
