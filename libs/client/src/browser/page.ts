import type { ClientStorage, Refusal } from '../ports.ts';

/** What the kit looks at in a page; in a worker some of it is missing. */
interface PageNavigator {
  readonly doNotTrack?: string | null;
  readonly msDoNotTrack?: string | null;
  readonly globalPrivacyControl?: boolean;
}

interface PageTarget {
  readonly addEventListener?: (type: string, listener: () => void) => void;
  readonly removeEventListener?: (type: string, listener: () => void) => void;
}

/** A window, or what a worker has in its place. */
export interface Page extends PageTarget {
  readonly navigator?: PageNavigator;
  readonly doNotTrack?: string | null;
  readonly document?: PageTarget & { readonly visibilityState?: string };
  readonly localStorage?: {
    readonly getItem: (key: string) => string | null;
    readonly setItem: (key: string, value: string) => void;
  };
}

/**
 * Whether the browser asks not to be tracked.
 *
 * @see Global Privacy Control; Tracking Preference Expression (DNT), with what browsers made of it
 */
export function refusalOf({ navigator = {}, doNotTrack }: Page): Refusal | undefined {
  const signals = [navigator.doNotTrack, navigator.msDoNotTrack, doNotTrack];
  const isRefused =
    navigator.globalPrivacyControl === true ||
    signals.some((signal) => signal === '1' || signal === 'yes');
  return isRefused ? 'browser-signal' : undefined;
}

/**
 * An entry of `localStorage`. A browser that forbids it throws, which keeps telemetry off.
 *
 * @returns undefined where there is none, as in a worker.
 */
export function localStorageOf(page: Page, key: string): ClientStorage | undefined {
  if (!('localStorage' in page)) return undefined;
  const storage = (): NonNullable<Page['localStorage']> => {
    if (page.localStorage) return page.localStorage;
    throw new Error('no localStorage');
  };
  return {
    read: () => storage().getItem(key),
    write: (text) => storage().setItem(key, text),
  };
}

/** Calls back when the page is hidden, which is the last that a page is told for sure. */
export function onHidden(page: Page, leave: () => void): () => void {
  const { document } = page;
  const onChange = (): void => {
    if (document?.visibilityState === 'hidden') leave();
  };
  document?.addEventListener?.('visibilitychange', onChange);
  page.addEventListener?.('pagehide', leave);
  return () => {
    document?.removeEventListener?.('visibilitychange', onChange);
    page.removeEventListener?.('pagehide', leave);
  };
}
