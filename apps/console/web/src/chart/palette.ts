import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether the visitor asked for dark pages; charts are drawn on a canvas, which no style sheet reaches. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(DARK).matches);
}

// after Okabe and Ito: told apart by who sees fewer colours; the lighter ones for dark paper
const ON_LIGHT = [
  '#0b5fa5',
  '#b84a00',
  '#007a5a',
  '#a0408a',
  '#6b5b00',
  '#2f7ea8',
  '#7a3b10',
  '#444b54',
];
const ON_DARK = [
  '#6cb6ff',
  '#ff9d5c',
  '#4fd1a5',
  '#e396cf',
  '#e3cc4a',
  '#8fd0f0',
  '#d4a27f',
  '#a9b1bb',
];

export interface Palette {
  readonly lines: readonly string[];
  readonly ink: string;
  readonly grid: string;
}

export function paletteOf(isDark: boolean): Palette {
  return isDark
    ? { lines: ON_DARK, ink: '#a3acb6', grid: '#2b3138' }
    : { lines: ON_LIGHT, ink: '#57606a', grid: '#e4e8ec' };
}
