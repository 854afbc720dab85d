import type { JSX, RefObject } from 'preact';
import type { CommandLine, CommandStep, Redirect } from '../../protocol/command.ts';
import type { ExecutableFacts } from '../../protocol/facts.ts';
import type { CommandCard } from './chatCard.ts';
import { Effects } from './Effects.tsx';
import { OutsideTitle, SandboxRow } from './Sandbox.tsx';
import { Visible } from './Visible.tsx';
import { foreignLetters } from './visibleParts.ts';

const JOINTS: Readonly<Record<CommandStep['when'], string>> = {
  always: 'then',
  afterSuccess: 'then, if that succeeds',
  afterFailure: 'then, if that fails',
};

/** Everything about a command a person decides on, drawn from the effect alone; `end` marks where it ends. */
export function CommandBody({
  card,
  end,
}: {
  card: CommandCard;
  end: RefObject<HTMLDivElement | null>;
}): JSX.Element {
  const { line, folder, timeoutMs, background } = card.effect;
  const foreign = foreignLetters(line.text);
  return (
    <>
      {card.again !== undefined && (
        <p class="again">
          Asked again: <Visible text={card.again} />
        </p>
      )}
      <OutsideTitle confined={card.confined} />
      <Line line={line} />
      {foreign.length > 0 && (
        <p class="again">Letters that may look like others: {foreign.slice(0, 8).join(', ')}</p>
      )}
      <dl class="details">
        <dt>Why asked</dt>
        <dd>
          <Visible text={card.why.because} /> <span class="muted mono">{card.why.rule}</span>
        </dd>
        <dt>Folder</dt>
        <dd class="mono">
          <Visible text={folder.endsWith(':') ? folder.slice(0, -1) : folder} />
        </dd>
        <SandboxRow confined={card.confined} />
        <Effects card={card} />
        {card.executables.map((executable, place) => (
          <Executable key={place} executable={executable} />
        ))}
        {line.kind === 'plain' && (
          <>
            <dt>As written</dt>
            <dd class="mono">
              <Visible text={line.text} />
            </dd>
          </>
        )}
        {background === true ? (
          <>
            <dt>Background</dt>
            <dd>Runs on beside the conversation until it ends or is stopped; no time limit counts.</dd>
          </>
        ) : (
          <>
            <dt>Time limit</dt>
            <dd>{Math.round(timeoutMs / 1_000)} s</dd>
          </>
        )}
      </dl>
      <div ref={end} class="end" />
      {card.claim.trim() !== '' && (
        <section class="claim" aria-label="The agent’s words, unverified">
          <h3>The agent’s words, unverified</h3>
          <p>
            <Visible text={card.claim} />
          </p>
        </section>
      )}
    </>
  );
}

function Line({ line }: { line: CommandLine }): JSX.Element {
  if (line.kind === 'shell')
    return (
      <>
        <pre class="command mono">
          <Visible text={line.text} />
        </pre>
        <p class="again">
          Only a shell can run this line: <Visible text={line.because} />
        </p>
      </>
    );
  return (
    <ol class="steps" aria-label="Argument vectors, exactly as they would be run">
      {line.steps.map((step, index) => (
        <li key={index}>
          {index > 0 && <div class="joint muted">{JOINTS[step.when]}</div>}
          {step.pipeline.map((command, place) => (
            <div key={place} class="command mono">
              {place > 0 && <span class="joint muted">reads the output of the one above</span>}
              {command.argv.map((argument, position) => (
                <Argument key={position} text={argument} program={position === 0} />
              ))}
              {command.redirects.map((redirect) => (
                <span class="muted">{redirectInWords(redirect)}</span>
              ))}
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}

function Argument({ text, program }: { text: string; program: boolean }): JSX.Element {
  return (
    <code class={program ? 'argument program' : 'argument'}>
      {text === '' ? <span class="muted">empty</span> : <Visible text={text} />}
    </code>
  );
}

function redirectInWords(redirect: Redirect): JSX.Element | string {
  if (redirect.fd === 0) {
    if (redirect.from === 'null') return 'no input';
    return (
      <>
        input from <Visible text={redirect.file} />
      </>
    );
  }
  const what = redirect.fd === 1 ? 'output' : 'errors';
  switch (redirect.to) {
    case 'null':
      return `${what} thrown away`;
    case 'file':
      return (
        <>
          {what} {redirect.append ? 'added to' : 'written to'} <Visible text={redirect.file} />
        </>
      );
    case 'stdout':
      return `${what} go to its output`;
    case 'stderr':
      return `${what} go to its errors`;
  }
}

function Executable({ executable }: { executable: ExecutableFacts }): JSX.Element {
  return (
    <>
      <dt class="mono">
        <Visible text={executable.name} />
      </dt>
      <dd class={executable.kind === 'found' ? 'mono' : ''}>
        {whereIs(executable)}
        {executable.kind === 'found' && executable.interpreters !== undefined && (
          <span class="muted">
            {executable.interpreters.map(({ real }, place) => (
              <div key={place}>
                a script, read by <Visible text={real} />
              </div>
            ))}
          </span>
        )}
      </dd>
    </>
  );
}

function whereIs(executable: ExecutableFacts): JSX.Element | string {
  switch (executable.kind) {
    case 'found':
      return <Visible text={executable.real} />;
    case 'builtin':
      return 'done by Warrant itself';
    case 'missing':
      return 'not found on the PATH';
  }
}
