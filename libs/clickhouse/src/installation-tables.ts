/** Tables whose rows name an installation: erasure deletes by project and installation in each of them. */
export const INSTALLATION_TABLES = [
  'events',
  'metric_samples',
  'installation_days',
  'feature_days',
] as const;
