export { createCatalogue, type Catalogue, type ExtraKeys } from './catalogue.ts';
export { readWriteKeysFile } from './extra-keys.ts';
export { formatFinding, type Finding } from './finding.ts';
export {
  checkCatalogue,
  loadCatalogue,
  loadCatalogueFile,
  type CheckedCatalogue,
  type LoadOptions,
} from './load-catalogue.ts';
export { PUSH_EVENT, pathsOf } from './paths-of.ts';
export { describeProject } from './page/describe-project.ts';
export { escapeHtml, htmlDocument, type HtmlDocument } from './page/html-document.ts';
export { toHtml } from './page/page-html.ts';
export { toJson } from './page/page-json.ts';
export { toMarkdown } from './page/page-markdown.ts';
export { withOrigin } from './page/page-origin.ts';
export type { PageEvent, PageField, PrivacyPage } from './page/privacy-page.ts';
export { diffCatalogue } from './diff/diff-catalogue.ts';
export type { CatalogueChange, ChangeKind } from './diff/change.ts';
