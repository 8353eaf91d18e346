import https from 'node:https'
import { createAccount } from '@/lib/accounts/create-account'
import { openDatabase, openPool } from '@/lib/db/client'
import { expect, test } from './fixtures/browser/test'
import { authority } from './fixtures/network/certificates'
import { type Nginx, startNginx, withoutNginx } from './fixtures/network/nginx'
import { builtAction } from './fixtures/processes/built-actions'
import { freePort, type Hub, startHub } from './fixtures/processes/hub'

// A hub behind a real nginx over TLS, in the set-ups that people copy from guides. The client sends what a browser sends.

const name = 'hub.example.com'
const forwarded = `
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $host;`
/** The address from which nginx calls the hub when the hub trusts it (HEARBACK_TRUSTED_PROXIES). */
const trustedAddress = '127.0.0.9'
const setUps = {
  'a bare proxy_pass': '',
  'Host $host': 'proxy_set_header Host $host;',
  'Host $host and X-Forwarded-*, not trusted': `proxy_set_header Host $host; ${forwarded}`,
  'Host $host and X-Forwarded-*, trusted': `proxy_bind ${trustedAddress}; proxy_set_header Host $host; ${forwarded}`,
  'X-Forwarded-* alone, trusted': `proxy_bind ${trustedAddress}; ${forwarded}`,
}

const person = { email: 'proxied@example.net', password: 'a long enough password' }
const signIn = () => builtAction('app/(auth)/sign-in/actions.ts', 'signIn')
const createSource = () => builtAction('app/settings/sources/actions.ts', 'create')

let hub: Hub
let nginx: Nginx
let origin: string

test.skip(withoutNginx('a hub behind nginx'), 'no nginx')

test.beforeAll(async () => {
  const port = await freePort()
  origin = `https://${name}:${port}`
  const environment = { HEARBACK_URL: origin, HEARBACK_TRUSTED_PROXIES: `${trustedAddress}/32`, HEARBACK_ROLE: 'web' }
  hub = await startHub({ environment })
  nginx = await startNginx({ name, port, hub: hub.url, setUps: Object.values(setUps) })
  const pool = openPool(hub.databaseUrl, { max: 1 })
  await createAccount(openDatabase(pool), { name: 'Proxied', identifier: 'proxied', ...person })
  await pool.end()
})
test.afterAll(async () => {
  await nginx?.stop()
  await hub?.stop()
})

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** A request to the hub's public address, through the nginx of one set-up. */
function ask(setUp: number, path: string, sent: Record<string, string> = {}, body?: string): Promise<Answer> {
  const { host, port } = new URL(origin)
  const options = {
    host: nginx.addresses[setUp],
    port,
    path,
    servername: name,
    ca: authority,
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers: { host, ...sent },
  }
  return new Promise((resolve, reject) => {
    https
      .request(options, async (response) => {
        const text = Buffer.concat(await response.toArray()).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
      .on('error', reject)
      .end(body)
  })
}

/** A server action as the browser part of Next sends it. */
const act = (setUp: number, path: string, action: string, values: unknown, sent: Record<string, string> = {}) =>
  ask(
    setUp,
    path,
    {
      accept: 'text/x-component',
      'content-type': 'text/plain;charset=UTF-8',
      'next-action': action,
      'sec-fetch-site': 'same-origin',
      origin,
      ...sent,
    },
    JSON.stringify([values]),
  )

for (const [setUp, words] of Object.keys(setUps).entries())
  test(`behind nginx with ${words} a person signs in and every form works`, async () => {
    const away = await ask(setUp, '/settings/webhooks')
    expect([away.status, away.headers.location]).toEqual([307, '/sign-in'])
    const page = await ask(setUp, '/sign-in')
    expect(page.text).toContain('Sign in')
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')

    const signedIn = await act(setUp, '/sign-in', signIn(), person)
    expect([signedIn.status, signedIn.text]).toEqual([200, expect.stringContaining('/settings/webhooks')])
    const [set = ''] = [signedIn.headers['set-cookie'] ?? []].flat()
    expect(set).toMatch(/^__Secure-hearback\.session_token=.*; Secure/)
    const cookie = set.split(';', 1)[0] ?? ''

    const source = { key: `setup-${setUp}`, name: `Set-up ${setUp}`, kind: 'email' }
    const made = await act(setUp, '/settings/sources/new', createSource(), source, { cookie })
    expect([made.status, made.text]).toEqual([200, expect.stringMatching(/"ok":true/)])
    expect((await ask(setUp, '/settings/sources', { cookie })).text).toContain(source.name)

    const draft = {
      format: 'standard',
      events: ['feedback.created'],
      condition: { kind: 'any' },
      sources: { kind: 'all' },
    }
    const json = { cookie, origin, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
    const preview = await ask(setUp, '/settings/webhooks/preview', json, JSON.stringify(draft))
    expect(preview.status, preview.text).toBe(200)

    const evil = 'https://evil.example'
    const foreign: Record<string, string>[] = [
      { origin: evil, cookie },
      { origin: evil, cookie, 'x-forwarded-host': 'evil.example' },
      { origin: hub.url, cookie },
    ]
    for (const sent of foreign) {
      const refused = await act(setUp, '/settings/sources/new', createSource(), source, sent)
      expect(refused.status).toBe(403)
      expect(refused.text).toContain(`This hub’s address is ${origin} (HEARBACK_URL)`)
    }
  })
