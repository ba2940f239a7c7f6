export { fingerprintOf, type KeyMaterial } from './key-material.ts';
export {
  loadKeyring,
  type EpochKey,
  type Keyring,
  type LoadKeyringOptions,
  type ProjectKeyMaterial,
} from './keyring.ts';
