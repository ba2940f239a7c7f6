import { createHash } from 'node:crypto';
import {
  analystAccess,
  ANALYST_LIMITS,
  ANALYST_QUOTA,
  grantsOf,
  type AnalystAccess,
} from '@rollcall/clickhouse';
import type { Credentials, Login } from '../credentials.ts';
import { escapeXml } from './escape-xml.ts';

const DATABASE = 'rollcall';

/** Longest interval that a quota takes whose end is not near: 50 years, counted from 1970, so until 2069. */
const FIFTY_YEARS_S = 1_576_800_000;
/** `SYSTEM START LISTEN` twice and the statement that waits for the end of the lifeline. */
const ENGINE_STATEMENTS = 3;

/**
 * The server's users.
 *
 * The engine logs in as `default` with an empty password, from this machine, and nothing can change that. So
 * `default` has no right to read anything, and a quota of exactly the engine's own statements: whoever else logs in as
 * `default` may run nothing. The rights matter too: a quota is looked at after a query's files have been.
 */
export function usersConfig({ clickhouse }: Credentials): string {
  const analysts = Object.entries(clickhouse.analysts ?? {});
  return `<clickhouse>
  <profiles>
    <default/>
    ${analystProfile()}
  </profiles>
  <quotas>
    <default/>
    <engine><interval><duration>${FIFTY_YEARS_S}</duration><queries>${ENGINE_STATEMENTS}</queries></interval></engine>
    ${analystQuota()}
  </quotas>
  <users>
    <default>
      <no_password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>engine</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
${user(clickhouse.admin, { profile: 'default', quota: 'default' })}
${user(clickhouse.sink, { profile: 'default', quota: 'default', grants: grantsOf('sink') })}
${user(clickhouse.analyst, { profile: 'analyst', quota: 'default', grants: grantsOf('analyst') })}
${user(clickhouse.eraser, { profile: 'default', quota: 'default', grants: grantsOf('eraser') })}
${user(clickhouse.receipts, { profile: 'default', quota: 'default', grants: grantsOf('receipts') })}
${analysts.map(([project, login]) => projectAnalyst(project, login)).join('\n')}
  </users>
</clickhouse>
`;
}

interface Rights {
  readonly profile: string;
  readonly quota: string;
  /** All rights, when left out. */
  readonly grants?: readonly string[];
  /** XML of its row policies. */
  readonly policies?: string;
}

function user(login: Login, { profile, quota, grants, policies = '' }: Rights): string {
  const hash = createHash('sha256').update(login.password).digest('hex');
  const granted = grants?.map((grant) => `<query>${grant}</query>`).join('');
  return `    <${login.user}>
      <password_sha256_hex>${hash}</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>${profile}</profile>
      <quota>${quota}</quota>
      ${granted === undefined ? '<access_management>1</access_management>' : `<grants>${granted}</grants>`}
      ${policies}
    </${login.user}>`;
}

/** The name of the user is the project's, whatever the file says. */
function projectAnalyst(project: string, { password }: Login): string {
  const access = analystAccess(project);
  const grants = access.relations.map((relation) => `GRANT SELECT ON ${DATABASE}.${relation}`);
  const rights = { profile: 'analyst', quota: 'analyst', grants, policies: rowPolicies(access) };
  return user({ user: access.user, password }, rights);
}

function rowPolicies({ relations, filter }: AnalystAccess): string {
  const policies = relations.map(
    (relation) => `<${relation}><filter>${escapeXml(filter)}</filter></${relation}>`,
  );
  return `<databases><${DATABASE}>${policies.join('')}</${DATABASE}></databases>`;
}

function analystProfile(): string {
  const limits = Object.entries(ANALYST_LIMITS);
  const values = limits.map(([key, { value }]) => `<${key}>${escapeXml(`${value}`)}</${key}>`);
  const constraints = limits.map(([key, { range }]) => {
    const bounds = range && `<min>${range[0]}</min><max>${range[1]}</max>`;
    return `<${key}>${bounds ?? '<readonly/>'}</${key}>`;
  });
  return `<analyst>${values.join('')}<constraints>${constraints.join('')}</constraints></analyst>`;
}

function analystQuota(): string {
  const { intervalS, queries, executionTimeS } = ANALYST_QUOTA;
  return `<analyst><interval><duration>${intervalS}</duration><queries>${queries}</queries><execution_time>${executionTimeS}</execution_time></interval></analyst>`;
}
