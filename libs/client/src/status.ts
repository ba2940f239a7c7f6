import type { Refusal } from './ports.ts';

/** Why telemetry is on or off. */
export type Reason =
  'default' | 'enabled' | Refusal | 'disabled' | 'unreadable-storage' | 'misconfigured' | 'closed';

/** Whether telemetry is on, why, and what became of the events of this process. */
export interface ClientStatus {
  readonly isOn: boolean;
  readonly reason: Reason;
  /** A sentence for a person. */
  readonly explanation: string;
  /** The random id of this installation, when there is one: who asks for erasure needs it. */
  readonly installationId: string | undefined;
  /** Events that wait. */
  readonly queued: number;
  /** Events that the server took in. */
  readonly sent: number;
  /** Events that were given up: too large, too many, refused, or not deliverable in time. */
  readonly dropped: number;
}

const EXPLANATIONS: Readonly<Record<Reason, string>> = {
  default: 'Telemetry is on, because nobody switched it off.',
  enabled: 'Telemetry is on, because it was switched on here.',
  'do-not-track': 'Telemetry is off, because DO_NOT_TRACK is set.',
  'opt-out-variable': 'Telemetry is off, because its variable is set.',
  ci: 'Telemetry is off, because this is a CI run.',
  'browser-signal': 'Telemetry is off, because the browser asks not to be tracked.',
  disabled: 'Telemetry is off, because it was switched off here.',
  'unreadable-storage': 'Telemetry is off, because it cannot be read whether it was switched off.',
  misconfigured: 'Telemetry is off, because its settings are not valid.',
  closed: 'Telemetry is off, because the program is done with it.',
};

/** Status without what is known only of a client that works. */
export function toStatus(reason: Reason, rest: Partial<ClientStatus> = {}): ClientStatus {
  return {
    installationId: undefined,
    queued: 0,
    sent: 0,
    dropped: 0,
    ...rest,
    isOn: reason === 'default' || reason === 'enabled',
    reason,
    explanation: EXPLANATIONS[reason],
  };
}
