import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Kamaji state report in the native dialect, brought to 1 KB by fields of the size that other clients send. */
function eventOf1Kb(): object {
  const event = {
    event: 'stats',
    installation_id: '56279633-3131-436b-b8f2-9008a49a2f12',
    properties: {
      kamaji_version: 'v1.0.0',
      kubernetes_version: 'v1.33.1',
      tenant_control_plane: { running: 7, upgrading: 1, not_ready: 0, sleeping: 2 },
      datastores: {
        etcd: { count: 1, used_by_count: 8 },
        postgres: { count: 1, used_by_count: 2 },
        mysql: { count: 0, used_by_count: 0 },
        nats: { count: 0, used_by_count: 0 },
      },
      // not declared, so dropped by the anonymizer: a real client’s event has its share of those
      context: { library: 'bench', notes: [] as string[] },
    },
  };
  const { notes } = event.properties.context;
  while (JSON.stringify(event).length < 1_000) notes.push(`note ${notes.length} of the client`);
  return event;
}

/** Writes the bodies that the load client sends and returns their files. No event has an id: each is one of its own. */
export function benchBodies(folder: string): { readonly single: string; readonly batch: string } {
  const single = join(folder, 'single.json');
  const batch = join(folder, 'batch.json');
  writeFileSync(single, JSON.stringify(eventOf1Kb()));
  writeFileSync(batch, JSON.stringify(Array.from({ length: 100 }, eventOf1Kb)));
  return { single, batch };
}
