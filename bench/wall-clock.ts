/**
 * Milliseconds since 1970 with fractions: Date.now() has whole ones only. Set by the moment at which Date.now() ticks,
 * so it is the clock that PostgreSQL on this machine stamps commits with. Make a new one for each measurement.
 */
export function openWallClock(): () => number {
  const tick = Date.now()
  while (Date.now() === tick);
  const offset = Date.now() - performance.now()
  return () => performance.now() + offset
}
