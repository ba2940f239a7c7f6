import type { DialectName } from '@rollcall/contracts-catalogue';
import type { Dialect } from './dialect.ts';
import { cozystackDialect } from './cozystack/cozystack.dialect.ts';
import { kamajiDialect } from './kamaji/kamaji.dialect.ts';
import { nativeDialect } from './native/native.dialect.ts';
import { posthogDialect } from './posthog/posthog.dialect.ts';
import { segmentDialect } from './segment/segment.dialect.ts';
import { sveltosDialect } from './sveltos/sveltos.dialect.ts';

/** Every wire dialect by its catalogue name. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  native: nativeDialect,
  kamaji: kamajiDialect,
  sveltos: sveltosDialect,
  cozystack: cozystackDialect,
  segment: segmentDialect,
  posthog: posthogDialect,
};
