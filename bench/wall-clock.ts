/**
 * Milliseconds since 1970 with fractions, which Date.now() does not have. It is set at a tick of Date.now(), so it agrees
 * with the clock from which PostgreSQL on this machine takes commit times. Make a new one for each measurement.
 */
export function openWallClock(): () => number {
  const tick = Date.now()
  while (Date.now() === tick);
  const offset = Date.now() - performance.now()
  return () => performance.now() + offset
}
