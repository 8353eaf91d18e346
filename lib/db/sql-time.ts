/**
 * SQL: the time `ms` milliseconds from now, for an UPDATE whose `ms` reads a column. `timestamptz + interval` depends on the
 * session's time zone, and an engine of many nodes refuses that with a column; this does not. It is exact to a microsecond.
 */
export const inMs = (ms: string) => `to_timestamp(extract(epoch from hub_now())::float8 + (${ms})::float8 / 1000)`
