import { useEffect, useRef, useState, type JSX } from 'react';
import type { ApiRejection } from '../../../src/api.ts';
import { toWords } from './replay-words.ts';
import { useReplay } from './use-replay.ts';

interface ReplayCellProps {
  readonly rejection: ApiRejection;
  /** How far back rejections are shown, and so replayed. */
  readonly days: number;
}

/** Sends through again what one row of the rejections stands for: tried first, then asked about, then done. */
export function ReplayCell({ rejection, days }: ReplayCellProps): JSX.Element {
  const { progress, run } = useReplay(rejection, days);
  const [isAsking, setIsAsking] = useState(false);
  const replayButton = useRef<HTMLButtonElement>(null);
  const isRunning = progress.state === 'running';
  const what = `${rejection.code} of ${rejection.project === '' ? 'no project' : rejection.project}`;
  const close = (): void => {
    setIsAsking(false);
    replayButton.current?.focus();
  };
  const start = (isDry: boolean): void => {
    if (!isRunning) void run(isDry);
  };
  return (
    <div className="replay">
      <span className="links">
        <button
          type="button"
          aria-label={`Try ${what}`}
          aria-disabled={isRunning}
          onClick={() => start(true)}
        >
          Try
        </button>
        <button
          type="button"
          ref={replayButton}
          aria-label={`Replay ${what}`}
          aria-disabled={isRunning}
          aria-expanded={isAsking}
          onClick={() => setIsAsking(!isRunning)}
        >
          Replay
        </button>
      </span>
      {isAsking && (
        <Question
          what={what}
          confirmed={() => {
            close();
            start(false);
          }}
          cancelled={close}
        />
      )}
      <p role="status">{toWords(progress)}</p>
      <Command rejection={rejection} />
    </div>
  );
}

interface QuestionProps {
  readonly what: string;
  readonly confirmed: () => void;
  readonly cancelled: () => void;
}

/** The keyboard is where the question is, on the answer that does nothing; Escape gives it too. */
function Question({ what, confirmed, cancelled }: QuestionProps): JSX.Element {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <div
      role="group"
      aria-label={`Replay ${what}?`}
      onKeyDown={({ key }) => {
        if (key === 'Escape') cancelled();
      }}
    >
      <p>
        It goes through the pipeline again as it was sent, whole records where no line is named. An
        event that is there counts once. What is refused or dropped again is counted again here, and
        labels that metrics had before stay in their days and months.
      </p>
      <span className="links">
        <button type="button" onClick={confirmed}>
          Yes, replay
        </button>
        <button type="button" ref={cancel} onClick={cancelled}>
          Cancel
        </button>
      </span>
    </div>
  );
}

/** For who has a login of Kafka: the same without the console. */
function Command({ rejection }: { readonly rejection: ApiRejection }): JSX.Element {
  const { topic, code, project } = rejection;
  const ofProject = project === '' ? '' : ` --project ${project}`;
  return (
    <details>
      <summary>As a command</summary>
      <code>{`npx rollcall replay --topic ${topic} --code ${code}${ofProject} --dry-run`}</code>
    </details>
  );
}
