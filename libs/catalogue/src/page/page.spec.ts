import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CatalogueFileSchema, type ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { loadCatalogue } from '../load-catalogue.ts';
import { fieldList } from '../rules/field-list.ts';
import { describeProject } from './describe-project.ts';
import { explainRule } from './explain-rule.ts';
import { toHtml } from './page-html.ts';
import { toJson } from './page-json.ts';
import { toMarkdown } from './page-markdown.ts';
import { withOrigin } from './page-origin.ts';
import type { PrivacyPage } from './privacy-page.ts';

const SHIPPED = join(import.meta.dirname, '../../../../catalogue');
const NAMES = ['kamaji', 'sveltos', 'cozystack', 'kusk', 'glasskube'];

let projects: ReadonlyMap<string, ProjectCatalogue>;
beforeAll(async () => {
  projects = (await loadCatalogue(SHIPPED)).projects;
});

function project(name: string): ProjectCatalogue {
  const found = projects.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** A project whose every text tries to be markup. */
function hostile(): ProjectCatalogue {
  const text =
    '<script>alert(1)</script> [x](javascript:alert(1)) | `code` "\'&\n# heading\n- item';
  return CatalogueFileSchema.parse({
    ...project('kamaji'),
    title: text,
    why: text,
    access: text,
    contact: text,
    homepage: 'https://example.org/"onmouseover="alert(1)',
    not_collected: [text],
    dropped: { '`|<b>': text },
    opt_out: [{ title: text, instruction: text, command: 'echo \'<b>\' ``` "$HOME"' }],
    events: {
      '<img/src=x>': {
        purpose: text,
        fields: {
          '<i>|`': { type: 'string', treatment: 'keep', enum: ["it's <b>|"], purpose: text },
        },
      },
    },
    fields: {},
    filters: {},
  });
}

describe('describeProject', () => {
  it.each(NAMES)('names every rule of %s and no other', (name) => {
    const page = describeProject(project(name));
    const shown = [
      ...page.commonFields,
      ...[...page.events, ...page.metrics].flatMap(({ fields }) => fields),
    ];
    const rules = fieldList(project(name));
    expect(shown.map(({ purpose }) => purpose).toSorted()).toEqual(
      rules.map(({ rule }) => rule.purpose).toSorted(),
    );
    expect(shown.map(({ path }) => path).toSorted()).toEqual(
      rules.map(({ at }) => at.at(-1)).toSorted(),
    );
  });

  it.each(NAMES)('explains every field of %s in a sentence', (name) => {
    for (const { rule } of fieldList(project(name)))
      expect(explainRule(rule)).toMatch(/^[A-Z].{15,}\.$/s);
  });

  it('takes the retention of the queues from the topics', () => {
    expect(describeProject(project('kamaji')).flow.sentences.join(' ')).toMatch(
      /24 hours.*7 days.*twice that time at most/,
    );
  });

  it('does not call a pseudonym anonymous', () => {
    const { sentences } = describeProject(project('kusk')).pseudonyms;
    expect(sentences.join(' ')).toContain('pseudonymous, not anonymous');
    expect(sentences.join(' ')).toContain('every quarter');
  });
});

/** What each project's own page says, as words that must be on ours. */
const SAID: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  kamaji: [
    'tenant_control_plane.running',
    'tcp_version',
    'new_tcp_version',
    'old_tcp_version',
    'kamaji_version',
    'kubernetes_version',
    'telemetry.disabled=true',
    '--disable-telemetry=true',
    /what to build next/,
    /read-only/,
  ],
  sveltos: [
    'sveltosVersion',
    'sveltosClusters',
    'capiClusters',
    'clusterProfiles',
    'profiles',
    'clusterSummaries',
    'telemetry.disabled=true',
    '--disable-telemetry=true',
    'support@projectsveltos.io',
  ],
  cozystack: [
    'cozystack-operator',
    'cozystack-controller',
    'cozy_cluster_info',
    'cozy_nodes_count',
    'cozy_cluster_capacity',
    'cozy_loadbalancers_count',
    'cozy_pvs_count',
    'cozy_package_info',
    'cozy_application_count',
    'cozystackOperator.disableTelemetry=true',
    '"telemetry":{"disabled":true}',
    '"telemetry-enabled":"false"',
  ],
  kusk: [
    'analytics.enabled=false',
    'export ANALYTICS_ENABLED=false',
    'ANALYTICS_ENABLED=false kusk cluster install',
    /in a day/,
    /sessions/,
    /switch telemetry off/,
    /APIs, static routes and fleets/,
  ],
  glasskube: [
    'glasskube telemetry disable',
    'glasskube telemetry status',
    'glasskube telemetry enable',
    /stored once per cluster/,
    'cluster_nnodes',
    'exit_code',
    'execution_time',
    'user_agent',
    '$current_url',
    'package_version_actual',
    'package_ready_status',
    /Secrets/,
    /Texts of errors/,
    /values of flags/,
  ],
};

describe.each(Object.entries(SAID))('the page of %s', (name, said) => {
  it('says what the project’s own page says, in every form', () => {
    const page = describeProject(project(name));
    const forms = [
      toMarkdown(page).replaceAll('\\', ''),
      unescape(toHtml(page)),
      readable(toJson(page)),
    ];
    for (const form of forms)
      for (const words of said)
        if (typeof words === 'string') expect(form).toContain(words);
        else expect(form).toMatch(words);
  });

  it('shows a dry run that can be copied', () => {
    const { dryRun } = withOrigin(describeProject(project(name)), 'http://127.0.0.1:8080');
    expect(dryRun.length).toBeGreaterThan(0);
    for (const { command } of dryRun)
      expect(command).toMatch(
        new RegExp(`^curl -sS 'http://127\\.0\\.0\\.1:8080/p/${name}/\\S*dry_run=1'`),
      );
  });
});

function unescape(html: string): string {
  const characters = { quot: '"', lt: '<', gt: '>', amp: '&', '#39': "'" } as const;
  return html.replaceAll(
    /&(quot|lt|gt|amp|#39);/g,
    (_, name: keyof typeof characters) => characters[name],
  );
}

function readable(json: string): string {
  return json.replaceAll('\\"', '"');
}

describe('toHtml', () => {
  it('escapes everything that the file says', () => {
    const html = toHtml(describeProject(hostile()));
    expect(html).not.toMatch(/<script|<img|<b>|<i>|"onmouseover/);
    expect(html).toContain('&lt;script&gt;alert(1)');
  });

  it('fetches nothing and runs nothing', () => {
    for (const name of NAMES) {
      const html = toHtml(describeProject(project(name)));
      expect(html).not.toMatch(
        /<(script|link|img|iframe|object|form|input)\b|url\(|@import|\bon[a-z]+=|\bsrc=/,
      );
      expect(html).toContain("default-src 'none'");
    }
  });

  it('has a form for erasure where somebody serves the page, which sends to nobody else', () => {
    const page = { ...describeProject(project('kusk')), erasureAction: 'erasures' };
    const html = toHtml(page);
    expect(html).toContain('<form method="post" action="erasures" autocomplete="off">');
    expect(html).toMatch(/<label for="installation_id">/);
    expect(html).toContain("form-action 'self'");
    expect(toHtml(describeProject(project('kusk')))).toContain("form-action 'none'");
    expect(toMarkdown(page)).toContain('in a POST to `erasures`');
  });

  it('leads to the form for erasure where another page has it', () => {
    const erasureLink = 'https://telemetry.example/p/kusk/privacy';
    const page = { ...describeProject(project('kusk')), erasureLink };
    expect(toHtml(page)).toContain(`<a href="${erasureLink}" rel="noopener noreferrer">`);
    expect(toMarkdown(page)).toContain(erasureLink);
    expect(toHtml({ ...page, erasureLink: 'javascript:alert(1)' })).not.toContain('javascript:');
  });

  it('is well-formed: every element that is opened is closed', () => {
    const html = toHtml({ ...describeProject(hostile()), erasureAction: '"><b>' });
    const open: string[] = [];
    for (const [, slash, tag = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g))
      if (slash === '/') expect(open.pop()).toBe(tag);
      else if (!['meta', 'br', 'input'].includes(tag)) open.push(tag);
    expect(open).toEqual([]);
  });

  it('links to no address but one over http', () => {
    const page: PrivacyPage = {
      ...describeProject(project('kamaji')),
      homepage: 'javascript:alert(1)',
    };
    expect(toHtml(page)).toContain('href="#"');
  });
});

describe('toMarkdown', () => {
  const lines = (): string[] => toMarkdown(describeProject(hostile())).split('\n');

  it('lets no text begin a heading, a list, a link or a tag', () => {
    expect(lines().filter((line) => /^# /.test(line))).toHaveLength(1);
    expect(lines().filter((line) => line.startsWith('- item'))).toEqual([]);
    const text = lines()
      .join('\n')
      .replaceAll(/(`+)[^]*?\1/g, '');
    expect(text).not.toMatch(/<script|<img|(?<!\\)\[x|(?<!\\)\]\(/);
  });

  it('keeps every row in its columns', () => {
    const rows = lines().filter((line) => line.startsWith('|'));
    const cells = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
    expect(cells.filter((count) => count !== 4 && count !== 5)).toEqual([]);
  });

  it('fences code that holds a fence', () => {
    expect(lines()).toContain('````sh');
  });
});

describe('withOrigin', () => {
  const page = (): PrivacyPage => describeProject(project('kamaji'));

  it.each([
    "http://a'; rm -rf ~ #",
    'javascript:alert(1)',
    'not an address',
    'http://a$(id)/',
    'ftp://a.example',
  ])('leaves the placeholder for %s', (origin) => {
    expect(withOrigin(page(), origin)).toEqual(page());
  });

  it('takes scheme, host and port and leaves the rest', () => {
    const [example] = withOrigin(page(), 'https://user:pass@t.example.org:8443/path?x').dryRun;
    expect(example?.command).toContain("'https://t.example.org:8443/p/kamaji/events?dry_run=1'");
  });
});

describe('the dry run of the page', () => {
  it('sends declared fields and one that will be dropped', () => {
    const [, body = ''] =
      /-d '(.*)'$/s.exec(describeProject(project('sveltos')).dryRun[0]?.command ?? '') ?? [];
    const event = JSON.parse(body) as { event: string; properties: Record<string, unknown> };
    expect(event.event).toBe('report');
    expect(event.properties).toMatchObject({
      sveltosVersion: 'v1.2.3',
      sveltosClusters: 3,
      home_directory: '/home/you',
    });
  });

  it('sends lines of metrics where a project pushes them', () => {
    const { command } = describeProject(project('cozystack')).dryRun[0] ?? { command: '' };
    expect(command).toContain('X-Cluster-ID');
    expect(command).toContain('cozy_cluster_info{cozystack_version="');
  });
});
