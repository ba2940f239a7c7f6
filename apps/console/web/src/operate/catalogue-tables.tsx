import type { JSX } from 'react';
import type { ApiCatalogue } from '../../../src/api.ts';
import { ScrollTable, type Head } from '../scroll-table.tsx';

const NUMBER = new Intl.NumberFormat('en-US');
const numberText = (value: number | null): string => (value === null ? '—' : NUMBER.format(value));

const DROPPED: readonly Head[] = [
  { title: 'Day' },
  { title: 'What' },
  { title: 'Count', isCount: true },
];
const DECLARED: readonly Head[] = [
  { title: 'Event' },
  { title: 'Field' },
  { title: 'Treatment' },
  { title: 'Events with it', isCount: true },
];
const METRICS: readonly Head[] = [
  { title: 'Metric' },
  { title: 'Purpose' },
  { title: 'Samples', isCount: true },
];

/** Counts of what was dropped, the latest day first. */
export function DroppedTable({ dropped }: Pick<ApiCatalogue, 'dropped'>): JSX.Element {
  if (dropped.length === 0) return <p>Nothing was dropped.</p>;
  return (
    <ScrollTable label="Dropped by day and kind" heads={DROPPED}>
      {dropped.map(({ day, code, title, count }) => (
        <tr key={`${day}/${code}`}>
          <td>{day}</td>
          <td>
            <code>{code}</code> <span className="soft">{title}</span>
          </td>
          <td className="count">{NUMBER.format(count)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

/** Every declared event and field, with the share of the events that carried it. */
export function DeclaredTable({ events }: Pick<ApiCatalogue, 'events'>): JSX.Element {
  return (
    <ScrollTable label="Declared events and fields" heads={DECLARED}>
      {events.flatMap((event) => [
        <tr key={event.name}>
          <th scope="row">{event.name}</th>
          <td colSpan={2} className="soft">
            {event.purpose}
          </td>
          <td className="count">{numberText(event.count)}</td>
        </tr>,
        ...event.fields.map(({ path, treatment, count }) => (
          <tr key={`${event.name}/${path}`}>
            <td />
            <td>
              <code>{path}</code>
            </td>
            <td>{treatment}</td>
            <td className="count">
              {numberText(count)} of {numberText(event.count)}
            </td>
          </tr>
        )),
      ])}
    </ScrollTable>
  );
}

/** Every declared metric of a push, with the samples of it that were kept. */
export function MetricTable({ metrics }: Pick<ApiCatalogue, 'metrics'>): JSX.Element {
  return (
    <ScrollTable label="Declared metrics" heads={METRICS}>
      {metrics.map(({ name, purpose, count }) => (
        <tr key={name}>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td className="soft">{purpose}</td>
          <td className="count">{NUMBER.format(count)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
