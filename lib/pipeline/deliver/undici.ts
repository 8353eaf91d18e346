// Calls need three parts of undici. The package's index loads all of it, fetch and WebSocket too, which takes a third of a
// hub's start. The files have no promise of their own, so the version is pinned and the tests of this folder make calls
// through them.

export { default as buildConnector } from 'undici/lib/core/connect.js'
export { default as Client } from 'undici/lib/dispatcher/client.js'
export { default as Pool } from 'undici/lib/dispatcher/pool.js'
