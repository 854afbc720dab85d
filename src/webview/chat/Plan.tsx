import type { JSX } from 'preact';
import type { PlanStep } from '../../protocol/effect.ts';
import { Icon, type IconName } from './Icon.tsx';
import { Visible } from './Visible.tsx';

const ICONS: Readonly<Record<PlanStep['state'], IconName>> = {
  waiting: 'circle',
  active: 'chevron',
  done: 'check',
};

/** The agent's plan: one line saying where it stands, the steps a click away. */
export function Plan({ steps }: { steps: readonly PlanStep[] }): JSX.Element | null {
  if (steps.length === 0) return null;
  const done = steps.filter((step) => step.state === 'done').length;
  const current = steps.find((step) => step.state === 'active');
  return (
    <details class="plan">
      <summary>
        <span>
          Plan {done}/{steps.length}
        </span>
        {current !== undefined && (
          <span class="muted plan-now">
            <Visible text={current.text} />
          </span>
        )}
      </summary>
      <ul>
        {steps.map((step, index) => (
          <li key={index} class={step.state}>
            <Icon name={ICONS[step.state]} />
            <span>
              <span class="for-readers">{step.state}: </span>
              <Visible text={step.text} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
