const libc = process.platform === 'linux' ? '-gnu' : '';

/** The npm package that holds ClickHouse for this platform. */
export const enginePackage = `@chdb/lib-${process.platform}-${process.arch}${libc}`;
