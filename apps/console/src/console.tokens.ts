/** Token under which the checked settings are provided. */
export const CONSOLE_CONFIG = Symbol('console config');
