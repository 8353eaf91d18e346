/** How many days ahead partitions are kept; health is not ready below 2. */
export const partitionDaysAhead = 7
