import { service } from '@rollcall/tooling/rolldown';

export default service({ external: [/^@fastify\/static$/] });
