import type { JSX } from 'preact';
import type { CommandCard } from './chatCard.ts';
import {
  commandEffects,
  environmentChanges,
  patternsShown,
  type CommandEffects,
  type Item,
} from './commandEffects.ts';
import { Visible } from './Visible.tsx';

/** Rows of a card: what a command would read, write, reach and run, and what of it is not understood. */
export function Effects({ card }: { card: CommandCard }): JSX.Element {
  const { line } = card.effect;
  const effects = commandEffects(card);
  const { understood } = card.use;
  return (
    <>
      <Row name="Writes" items={effects.writes} none={noWrites(effects, understood)} />
      <Row name="Reads" items={effects.reads} />
      <Row name="Looks into" items={effects.looksInto} />
      <Row name="Reaches" items={effects.network} />
      <Row name="Runs code" items={effects.code} />
      {!understood && (
        <>
          <dt class="care">Unclear</dt>
          <dd>
            {line.kind === 'shell' && <div>All of it: what a shell does with the line is not known.</div>}
            <Items items={effects.unclear} mono={false} />
          </dd>
        </>
      )}
      <Patterns card={card} />
      <dt>Environment</dt>
      <dd>
        Small and fixed: PATH, home, user, language, temporary folder
        <Items
          items={environmentChanges(line).map((text) => ({ text, note: 'set by the line', care: true }))}
        />
      </dd>
    </>
  );
}

function noWrites({ code }: CommandEffects, understood: boolean): string {
  if (!understood) return 'nothing that is known of';
  return code.length === 0 ? 'nothing' : 'nothing by itself; the code it runs may';
}

function Row({
  name,
  items,
  none,
}: {
  name: string;
  items: readonly Item[];
  none?: string;
}): JSX.Element | null {
  if (items.length === 0 && none === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{items.length === 0 ? none : <Items items={items} />}</dd>
    </>
  );
}

function Items({ items, mono = true }: { items: readonly Item[]; mono?: boolean }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <ul class="items">
      {items.map(({ text, note, care }, place) => (
        <li key={place} class={care === true ? 'care' : ''}>
          <span class={mono ? 'mono' : ''}>
            <Visible text={text} />
          </span>
          {note !== undefined && ' '}
          {note !== undefined && (
            <span class={care === true ? 'note' : 'note muted'}>
              <Visible text={note} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Folded, because every name stands in the argument vectors above. */
function Patterns({ card }: { card: CommandCard }): JSX.Element | null {
  const patterns = patternsShown(card.effect.line);
  if (patterns.length === 0) return null;
  return (
    <>
      <dt>Patterns</dt>
      <dd>
        {patterns.map(({ pattern, stoodFor, words }, place) => {
          const heading = (
            <>
              <span class="mono">
                <Visible text={pattern} />
              </span>
              : {stoodFor}
            </>
          );
          if (words.length === 0) return <div key={place}>{heading}</div>;
          return (
            <details key={place} class="names">
              <summary>{heading}</summary>
              <Items items={words.map((text) => ({ text }))} />
            </details>
          );
        })}
      </dd>
    </>
  );
}
