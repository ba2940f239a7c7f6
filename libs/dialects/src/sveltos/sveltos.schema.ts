import { z } from 'zod';
import { ID_PATTERN } from '../text-patterns.ts';

const count = z.int().min(0).optional();

/** A report of Sveltos' addon-controller. Counters that are missing are 0 or unknown to that version. */
export const SveltosReportSchema = z
  .looseObject({
    uuid: z.string().regex(ID_PATTERN),
    sveltosVersion: z.string().max(200),
    sveltosClusters: count,
    readySveltosClusters: count,
    pullSveltosClusters: count,
    capiClusters: count,
    clusterProfiles: count,
    profiles: count,
    clusterSummaries: count,
    eventTriggers: count,
    clusterHealthChecks: count,
    clusterPromotions: count,
    managementClusterProvider: z.string().optional(),
    kubernetesVersion: z.string().optional(),
    managementClusterNodes: count,
  })
  .meta({ id: 'SveltosReport' });
