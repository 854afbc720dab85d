import type { JSX } from 'preact';
import type { CommandCard } from './chatCard.ts';
import { Icon } from './Icon.tsx';
import { Visible } from './Visible.tsx';

type Confined = NonNullable<CommandCard['confined']>;

const SANDBOXES = { bubblewrap: 'bubblewrap', seatbelt: 'Seatbelt' } as const;

/** Stands above everything else where nothing confines the command, so that nobody has to look for it. */
export function OutsideTitle({ confined }: { confined: Confined | undefined }): JSX.Element | null {
  if (confined?.kind !== 'out') return null;
  return (
    <div class="outside">
      <Icon name="warning" />
      <p>
        <strong>OUTSIDE THE SANDBOX</strong>: it may do all that you may do yourself.{' '}
        <Visible text={confined.because} />
      </p>
    </div>
  );
}

/** A row of the card's details. */
export function SandboxRow({ confined }: { confined: Confined | undefined }): JSX.Element | null {
  if (confined?.kind !== 'in') return null;
  const network = confined.network === 'off' ? 'without a network' : 'with all of the network';
  return (
    <>
      <dt>Sandbox</dt>
      <dd>{`Runs in the sandbox (${SANDBOXES[confined.by]}), ${network}`}</dd>
    </>
  );
}
