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
        <strong>OUTSIDE THE SANDBOX</strong> <Visible text={confined.because} />
      </p>
    </div>
  );
}

export function sandboxInWords(confined: Confined): string {
  if (confined.kind === 'out') return 'None: it may do all that you may do yourself';
  const network = confined.network === 'off' ? 'without a network' : 'with all of the network';
  return `Runs in the sandbox (${SANDBOXES[confined.by]}), ${network}`;
}
