import pg from 'pg'

// How long this process waited for each execution of one named statement. It is measured around the driver's query method,
// and only between two calls of `takeStatementTimes`.

type Callback = (error: Error | null, result: pg.QueryResult) => void
type Query = (this: pg.Client, config: { name?: string } | string, values: unknown, callback?: Callback) => unknown

let watched: string | undefined
let times: number[] = []
let wrapped = false

/** Returns the times of the watched statement in milliseconds, and watches `next` from now on. */
export function takeStatementTimes(next: string | undefined): Float64Array {
  if (next && !wrapped) wrap()
  const taken = Float64Array.from(times)
  times = []
  watched = next
  return taken
}

function wrap() {
  wrapped = true
  const own = pg.Client.prototype as unknown as { query: Query }
  const query = own.query
  own.query = function (config, values, callback) {
    if (!watched || typeof config !== 'object' || config?.name !== watched)
      return query.call(this, config, values, callback)
    const began = performance.now()
    const took = () => times.push(performance.now() - began)
    // The pool passes a callback; a client that is used directly gets a promise.
    const given = typeof values === 'function' ? (values as Callback) : callback
    if (given) {
      const done: Callback = (error, result) => {
        took()
        given(error, result)
      }
      return typeof values === 'function' ? query.call(this, config, done) : query.call(this, config, values, done)
    }
    const result = query.call(this, config, values) as Promise<unknown>
    result.then(took, () => {})
    return result
  }
}
