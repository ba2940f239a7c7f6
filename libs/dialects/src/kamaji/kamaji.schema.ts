import { z } from 'zod';
import { ID_PATTERN } from '../text-patterns.ts';

const version = z.string().min(1).max(200);
const count = z.int().min(0);
const counts = {
  running: count.optional(),
  upgrading: count.optional(),
  not_ready: count.optional(),
  sleeping: count.optional(),
};
const versions = { kamaji_version: version, kubernetes_version: version };
const datastore = z
  .looseObject({ count: count.optional(), used_by_count: count.optional() })
  .optional();

/** Body of `POST /stats`: nested as today's client sends it, or flat as Kamaji's page shows it. */
export const KamajiStatsSchema = z
  .looseObject({
    uuid: z.string().regex(ID_PATTERN),
    ...versions,
    ...counts,
    tenant_control_plane: z.looseObject(counts).optional(),
    datastores: z
      .looseObject({ etcd: datastore, postgres: datastore, mysql: datastore, nats: datastore })
      .optional(),
  })
  .meta({ id: 'KamajiStats' });

/** Body of `POST /create`. It has no id of the installation. */
export const KamajiCreateSchema = z
  .looseObject({
    ...versions,
    tcp_version: version,
    cluster_api: z.boolean().optional(),
    network_profile: z.string().optional(),
  })
  .meta({ id: 'KamajiCreate' });

/** Body of `POST /update`. `old_tcp_version` is empty for a control plane that has none yet. */
export const KamajiUpdateSchema = z
  .looseObject({ ...versions, old_tcp_version: z.string().optional(), new_tcp_version: version })
  .meta({ id: 'KamajiUpdate' });

/** Body of `POST /delete`. */
export const KamajiDeleteSchema = z
  .looseObject({ ...versions, tcp_version: version, status: z.string().optional() })
  .meta({ id: 'KamajiDelete' });
