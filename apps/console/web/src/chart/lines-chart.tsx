import { useEffect, useRef, type JSX } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Lines } from './lines.ts';
import { paletteOf, useIsDark, type Palette } from './palette.ts';

const HEIGHT = 260;

interface LinesChartProps {
  readonly lines: Lines;
  /** What the chart shows, for who does not see it; the values are in a table beside it. */
  readonly label: string;
  /** Whether instants are whole UTC days. */
  readonly isDaily?: boolean;
}

/** Lines over time. */
export function LinesChart({ lines, label, isDaily = true }: LinesChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const options = optionsOf(lines, paletteOf(isDark), isDaily);
    const data = [lines.at, ...lines.lines.map(({ values }) => values)];
    const chart = new UPlot(
      { ...options, width: element.clientWidth, height: HEIGHT },
      data as unknown as UPlot.AlignedData,
      element,
    );
    const resized = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [lines, isDark, isDaily]);
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}

const LONG_S = 200 * 86_400;

/** Instants on the axis as people read them anywhere: 27 Aug, Aug 2026, 14:05:30. */
function timeFormat({ at }: Lines, isDaily: boolean): Intl.DateTimeFormat {
  if (!isDaily) return new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
  const isLong = (at.at(-1) ?? 0) - (at[0] ?? 0) > LONG_S;
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    month: 'short',
    ...(isLong ? { year: 'numeric' } : { day: 'numeric' }),
  });
}

const LEAST_LIVE_S = 60;

/** What is seen as it happens fills a minute from the first: one instant alone has no axis. */
function liveRange({ at }: Lines): UPlot.Range.MinMax {
  const end = at.at(-1) ?? Date.now() / 1_000;
  return [Math.min(at[0] ?? end, end - LEAST_LIVE_S), end];
}

function optionsOf(
  all: Lines,
  palette: Palette,
  isDaily: boolean,
): Omit<UPlot.Options, 'width' | 'height'> {
  const { lines } = all;
  const times = timeFormat(all, isDaily);
  const axis = {
    stroke: palette.ink,
    grid: { stroke: palette.grid },
    ticks: { stroke: palette.grid },
  };
  return {
    ...(isDaily && { tzDate: (at: number) => UPlot.tzDate(new Date(at * 1_000), 'Etc/UTC') }),
    cursor: { drag: { x: true, y: false } },
    scales: {
      ...(!isDaily && { x: { range: () => liveRange(all) } }),
      y: { range: (_chart, _least, most) => [0, Math.max(1, most) * 1.05] },
    },
    axes: [
      { ...axis, values: (_chart, splits) => splits.map((at) => times.format(at * 1_000)) },
      { ...axis, size: 56 },
    ],
    series: [
      isDaily ? { value: '{YYYY}-{MM}-{DD}' } : {},
      ...lines.map(({ name, values }, index) => ({
        label: name === '' ? 'not told' : name,
        stroke: palette.lines[index % palette.lines.length] ?? palette.ink,
        width: 2,
        // eight colours; what comes after is told apart by dashes
        dash: index < palette.lines.length ? [] : [6, 4],
        spanGaps: false,
        points: { show: values.filter((value) => value !== null).length < 3, size: 6 },
      })),
    ],
  };
}
