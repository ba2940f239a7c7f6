import { ask, type AnalystAccess } from '../replay/analyst.ts';

/** What each page speaks of, asked of ClickHouse. */
const QUESTIONS: readonly (readonly [title: string, query: string])[] = [
  [
    'Installations, by project',
    // the view of installations is counted once a minute, and these came just now
    `SELECT project, uniqExact(installation) AS installations, max(d.last_seen) AS last_seen
     FROM rollcall.installation_days AS d GROUP BY project ORDER BY project`,
  ],
  [
    'Kamaji: versions',
    `SELECT app_version AS kamaji, kubernetes_version AS kubernetes, uniqExact(installation) AS installations
     FROM rollcall.events FINAL WHERE project = 'kamaji' AND event = 'stats' GROUP BY ALL ORDER BY ALL`,
  ],
  [
    'Kamaji: tenant control planes, latest report of each installation',
    `SELECT sum(running) AS running, sum(upgrading) AS upgrading, sum(not_ready) AS not_ready, sum(sleeping) AS sleeping
     FROM (SELECT argMax(properties.tenant_control_plane.running::Int64, received_at) AS running,
                  argMax(properties.tenant_control_plane.upgrading::Int64, received_at) AS upgrading,
                  argMax(properties.tenant_control_plane.not_ready::Int64, received_at) AS not_ready,
                  argMax(properties.tenant_control_plane.sleeping::Int64, received_at) AS sleeping
           FROM rollcall.events FINAL WHERE project = 'kamaji' AND event = 'stats' GROUP BY installation)`,
  ],
  [
    'Kamaji: control planes created, updated, deleted',
    `SELECT event, count() AS times FROM rollcall.events FINAL
     WHERE project = 'kamaji' AND event IN ('create', 'update', 'delete') GROUP BY event ORDER BY event`,
  ],
  [
    'Sveltos: clusters and profiles, latest report of each installation',
    `SELECT app_version AS sveltos, sum(clusters) AS sveltos_clusters, sum(capi) AS capi_clusters, sum(profiles) AS cluster_profiles
     FROM (SELECT argMax(app_version, received_at) AS app_version,
                  argMax(properties.sveltosClusters::Int64, received_at) AS clusters,
                  argMax(properties.capiClusters::Int64, received_at) AS capi,
                  argMax(properties.clusterProfiles::Int64, received_at) AS profiles
           FROM rollcall.events FINAL WHERE project = 'sveltos' GROUP BY installation)
     GROUP BY sveltos ORDER BY sveltos`,
  ],
  [
    'Cozystack: nodes by system, largest push of each installation',
    `SELECT os, sum(nodes) AS nodes FROM (
       SELECT labels['os'] AS os, installation, max(highest) AS nodes FROM rollcall.metric_months
       WHERE project = 'cozystack' AND name = 'cozy_nodes_count' GROUP BY os, installation, labels['kernel'])
     GROUP BY os ORDER BY nodes DESC`,
  ],
  [
    'Cozystack: applications by kind',
    `SELECT kind, sum(largest) AS instances FROM (
       SELECT labels['kind'] AS kind, installation, max(highest) AS largest FROM rollcall.metric_months
       WHERE project = 'cozystack' AND name = 'cozy_application_count' GROUP BY kind, installation)
     WHERE largest > 0 GROUP BY kind ORDER BY instances DESC, kind`,
  ],
  [
    'Kusk: what was used, and by how many installations',
    `SELECT event, uniqExact(installation) AS installations, count() AS events
     FROM rollcall.events FINAL WHERE project = 'kusk' GROUP BY event ORDER BY event`,
  ],
  [
    'Glasskube: commands and operations',
    `SELECT event, os, uniqExact(installation) AS installations, count() AS events
     FROM rollcall.events FINAL WHERE project = 'glasskube' GROUP BY ALL ORDER BY ALL`,
  ],
];

export async function printTables(access: AnalystAccess): Promise<void> {
  for (const [title, query] of QUESTIONS) {
    console.log(`\n${title}`);
    console.table(await ask(access, query));
  }
}
