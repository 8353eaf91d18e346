/** The number of days ahead for which partitions exist. Below 2 the health check reports "not ready". */
export const partitionDaysAhead = 7
