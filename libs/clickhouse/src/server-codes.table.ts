/**
 * What ClickHouse's numeric codes mean to an insert. A code that is in no list is `CH_FAILED`: tried again, loudly.
 *
 * The names are ClickHouse's own (`errorCodeToName`); a test asks the real server whether they still belong together.
 * @see https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
 */
export const SERVER_CODES = {
  /** The rows are at fault: the same bytes are refused every time. */
  CH_REFUSED: {
    6: 'CANNOT_PARSE_TEXT',
    25: 'CANNOT_PARSE_ESCAPE_SEQUENCE',
    26: 'CANNOT_PARSE_QUOTED_STRING',
    27: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
    33: 'CANNOT_READ_ALL_DATA',
    38: 'CANNOT_PARSE_DATE',
    41: 'CANNOT_PARSE_DATETIME',
    53: 'TYPE_MISMATCH',
    69: 'ARGUMENT_OUT_OF_BOUND',
    70: 'CANNOT_CONVERT_TYPE',
    72: 'CANNOT_PARSE_NUMBER',
    117: 'INCORRECT_DATA',
    128: 'TOO_LARGE_ARRAY_SIZE',
    131: 'TOO_LARGE_STRING_SIZE',
    306: 'TOO_DEEP_RECURSION',
    321: 'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE',
    349: 'CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN',
    376: 'CANNOT_PARSE_UUID',
    407: 'DECIMAL_OVERFLOW',
    441: 'CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING',
    467: 'CANNOT_PARSE_BOOL',
    469: 'VIOLATED_CONSTRAINT',
  },
  /** A person must mend the user or its grants. */
  CH_DENIED: {
    164: 'READONLY',
    192: 'UNKNOWN_USER',
    193: 'WRONG_PASSWORD',
    194: 'REQUIRED_PASSWORD',
    195: 'IP_ADDRESS_NOT_ALLOWED',
    291: 'DATABASE_ACCESS_DENIED',
    497: 'ACCESS_DENIED',
    516: 'AUTHENTICATION_FAILED',
  },
  /** The migrations have not been applied, or not all. */
  CH_SCHEMA_BEHIND: {
    10: 'NOT_FOUND_COLUMN_IN_BLOCK',
    16: 'NO_SUCH_COLUMN_IN_TABLE',
    47: 'UNKNOWN_IDENTIFIER',
    60: 'UNKNOWN_TABLE',
    81: 'UNKNOWN_DATABASE',
  },
  /** The server is there but cannot take it now; it heals with time. */
  CH_UNAVAILABLE: {
    159: 'TIMEOUT_EXCEEDED',
    202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
    203: 'NO_FREE_CONNECTION',
    209: 'SOCKET_TIMEOUT',
    210: 'NETWORK_ERROR',
    236: 'ABORTED',
    241: 'MEMORY_LIMIT_EXCEEDED',
    242: 'TABLE_IS_READ_ONLY',
    243: 'NOT_ENOUGH_SPACE',
    252: 'TOO_MANY_PARTS',
    279: 'ALL_CONNECTION_TRIES_FAILED',
    285: 'TOO_FEW_LIVE_REPLICAS',
    286: 'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE',
    319: 'UNKNOWN_STATUS_OF_INSERT',
    394: 'QUERY_WAS_CANCELLED',
    425: 'SYSTEM_ERROR',
    439: 'CANNOT_SCHEDULE_TASK',
    745: 'SERVER_OVERLOADED',
    999: 'KEEPER_EXCEPTION',
  },
} as const satisfies Record<string, Readonly<Record<number, string>>>;
