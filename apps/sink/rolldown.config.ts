import { service } from '@rollcall/tooling/rolldown';

export default { ...service(), tsconfig: '../../tsconfig.json' };
