import type { PrivacyPage } from './privacy-page.ts';

/** The page as JSON text, indented: the model itself, for programs that compare what is collected. */
export function toJson(page: PrivacyPage): string {
  return `${JSON.stringify(page, undefined, 2)}\n`;
}
