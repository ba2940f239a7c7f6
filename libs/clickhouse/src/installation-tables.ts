/** Tables whose rows name an installation: erasure deletes by project and installation in each of them. */
export const INSTALLATION_TABLES = [
  'events',
  'metric_samples',
  'installation_days',
  'feature_days',
  'metric_days',
  'metric_months',
  // counted from those before it: last, so that they cannot bring a row back
  'installation_facts',
] as const;
