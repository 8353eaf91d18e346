/** The number of days ahead for which partitions exist. Below 2 the health check reports "not ready". */
export const partitionDaysAhead = 7

/**
 * SQL: the day of the delivery `delivery_id` still has a partition of outcomes. An id's first 48 bits are its milliseconds.
 */
export const dayIsKept = `to_regclass('outcomes_' || to_char(to_timestamp(
    ('x' || left(replace(delivery_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'UTC', 'YYYYMMDD'))
  is not null`
