import { createHmac } from 'node:crypto'
import type { Page } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { members } from '@/lib/db/people-schema'
import { countClicks } from './fixtures/browser/count-clicks'
import {
  configured,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  registerWebhook,
  test,
} from './fixtures/browser/test'
import type { ReceivedRequest } from './fixtures/receivers/receiver'

async function openPage(page: Page, name: string) {
  await configured(page).getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

/** The text of a secret that the page masks. */
async function reveal(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: `Reveal ${name}`, exact: true }).click()
  const field = page.getByRole('group', { name, exact: true })
  await expect(field).not.toContainText('hidden')
  return (await field.innerText()).trim()
}

async function rotate(page: Page, overlapHours: string, secret?: string) {
  await page.getByRole('button', { name: 'Rotate', exact: true }).click()
  if (secret !== undefined) {
    await page.getByLabel('Enter the one my receiver already has').check()
    await page.getByLabel('Your receiver’s secret').fill(secret)
  }
  await page.getByLabel('Overlap in hours').fill(overlapHours)
  await page.getByRole('button', { name: 'Rotate secret' }).click()
}

const inForce = (page: Page) => page.getByRole('list', { name: 'Signing secrets in force' })

const verified = (request: ReceivedRequest | undefined, secret: string) => {
  try {
    new Webhook(secret).verify(String(request?.body), request?.headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}

test('a format that carries several signatures signs with both secrets until the overlap ends', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Own code', receiver.url, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
  })
  await openPage(page, 'Own code')
  const former = await reveal(page, 'Signing secret')
  expect(former).toMatch(/^whsec_/)
  await rotate(page, '24')
  await expect(page.getByText('The secret was rotated.')).toBeVisible()
  await expect(inForce(page).getByText(/Signs until/)).toBeVisible()
  const made = await reveal(page, 'New signing secret')
  expect(made).not.toBe(former)
  const source = await (await page.reload())?.text()
  expect(source).not.toContain(made)
  expect(source).not.toContain(former)

  const call = async (n: number) => {
    await account.post({ type: 'feedback.created', feedback: { id: `fb-${n}`, service: { rating: 4 } } })
    await receiver.waitFor(n)
    return receiver.requests[n - 1]
  }
  const both = await call(1)
  expect([verified(both, made), verified(both, former)]).toEqual([true, true])

  await page.getByRole('button', { name: 'End the overlap now' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'End the overlap now' }).click()
  await expect(page.getByText('Only the new secret signs now.')).toBeVisible()
  await expect(inForce(page).getByRole('listitem')).toHaveCount(1)
  const alone = await call(2)
  expect([verified(alone, made), verified(alone, former)]).toEqual([true, false])
})

test('a rotation is unproven until a test fire with the new secret alone is answered 2xx, which offers to end the overlap', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'Proof', receiver.url, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
  })
  const clicks = await countClicks(page)
  await openPage(page, 'Proof')
  await rotate(page, '24')
  await expect(page.getByText('Not proven yet: does your endpoint know the new secret?')).toBeVisible()
  const made = await reveal(page, 'New signing secret')
  const toTheSecret = await clicks()
  // The endpoint knows the former secret only.
  receiver.respond((request) => (verified(request, made) && receiver.requests.length > 1 ? 204 : 401))
  const testNew = page.getByRole('button', { name: 'Test with the new secret' })
  await testNew.click()
  await expect(page.getByText('401').first()).toBeVisible()
  await expect(page.getByText('Not proven yet: does your endpoint know the new secret?')).toBeVisible()
  await page.getByRole('button', { name: 'End the overlap now' }).click()
  await expect(page.getByRole('alertdialog').getByText(/Nothing has shown yet/)).toBeVisible()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  // Now it knows the new one.
  const before = await clicks()
  await testNew.click()
  await expect(page.getByText('Your endpoint accepts the new secret')).toBeVisible()
  expect(receiver.requests[1]?.headers['webhook-signature']).not.toContain(' ')
  await expectAccessible(page)
  await page.reload()
  await expect(page.getByText('Your endpoint accepts the new secret')).toBeVisible()
  await page.getByRole('button', { name: 'End the overlap now' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'End the overlap now' }).click()
  await expect(inForce(page).getByRole('listitem')).toHaveCount(1)
  // Without the detour of a receiver that is not ready.
  expect(toTheSecret + (await clicks()) - before).toBe(7)
})

test('a format that carries one signature shows when it switches, and signs with the former secret until then', async ({
  settings: page,
  account,
  receiver,
}) => {
  await registerWebhook(page, 'Survey desk', receiver.url, async () => {
    await page.getByRole('radio', { name: /Wootric/ }).check()
    await page.getByLabel('The secret my receiver already has').check()
    await page.getByLabel('Your receiver’s secret').fill('the first secret')
  })
  await openPage(page, 'Survey desk')
  await rotate(page, '48', 'the second secret')
  await expect(inForce(page).getByText(/Begins to sign .* Give it to your endpoint before\./)).toBeVisible()
  await expect(inForce(page).getByText(/Signs until/)).toBeVisible()
  const [from, until] = await inForce(page)
    .getByRole('time')
    .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')))
  expect(from).toBe(until)
  const hours = (Date.parse(String(from)) - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(47.9)
  expect(hours).toBeLessThan(48.1)

  const signedWith = async (n: number, secret: string) => {
    await account.post({ type: 'feedback.created', feedback: { id: `fb-${n}`, nps: { score: 4 } } })
    await receiver.waitFor(n)
    const { body, headers } = receiver.requests[n - 1] as ReceivedRequest
    expect(headers['x-wootric-signature']).toBe(`sha1=${createHmac('sha1', secret).update(body).digest('hex')}`)
  }
  await signedWith(1, 'the first secret')
  await page.getByRole('button', { name: 'Switch now' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Switch now' }).click()
  await expect(inForce(page).getByRole('listitem')).toHaveCount(1)
  await signedWith(2, 'the second secret')
})

test('an overlap out of range and a secret that can’t be used have their errors beside the field', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'Kept', receiver.url, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
  })
  await openPage(page, 'Kept')
  await rotate(page, '169', 'short')
  await expect(page.getByLabel('Overlap in hours')).toHaveAccessibleDescription(/whole hours from 0 to 168/)
  await expect(page.getByLabel('Your receiver’s secret')).toHaveAccessibleDescription(/Enter whsec_/)
  for (const text of ['-1', '1.5', '']) {
    await page.getByLabel('Overlap in hours').fill(text)
    await expect(page.getByLabel('Overlap in hours')).toHaveAttribute('aria-invalid', 'true')
  }
  await page.getByRole('button', { name: 'Cancel' }).click()
  const secret = await reveal(page, 'Signing secret')
  await rotate(page, '24', secret)
  await expect(page.getByLabel('Your receiver’s secret')).toHaveAccessibleDescription(/signs already/)
})

test('the page of a WebHook test-fires and switches it, lists its calls, and opens the list when it is deleted', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'All of it', receiver.url)
  await openPage(page, 'All of it')
  await page.getByRole('button', { name: 'Test fire' }).click()
  await expect(page.getByText('200 OK').first()).toBeVisible()
  const calls = page.getByRole('table', { name: 'Latest calls' })
  await expect(calls.getByText('Test', { exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'All its calls' })).toHaveAttribute(
    'href',
    /^\/settings\/calls\?webhook=whk_/,
  )
  await page.getByRole('group', { name: 'All of it is' }).getByText('Off').click()
  await expect(page.getByText('“All of it” is off.')).toBeVisible()
  await expect(page.getByRole('region', { name: /^State/ })).toContainText('Off since')
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page).toHaveURL(/\/settings\/webhooks$/)
  await expect(page.getByText('No WebHook is registered yet')).toBeVisible()
})

test('a WebHook is duplicated as another format, without its secrets', async ({ settings: page, receiver }) => {
  await registerWebhook(page, 'Low scores', `${receiver.url}/desk`, async () => {
    await page.getByRole('radio', { name: /Wootric/ }).check()
    await page.getByLabel('The secret my receiver already has').check()
    await page.getByLabel('Your receiver’s secret').fill('the wootric secret')
    await page.getByRole('radio', { name: /Basic/ }).check()
    await page.getByLabel('User', { exact: true }).fill('hub')
    await page.getByLabel('Password', { exact: true }).fill('pa55-word')
    await page.getByLabel('Where the service rating is').check()
    await page.getByRole('button', { name: 'Low ones (1–3)' }).click()
  })
  await openPage(page, 'Low scores')
  await page.getByRole('button', { name: 'More for Low scores' }).click()
  await page.getByRole('menuitem', { name: 'Duplicate as another format' }).click()
  await expect(page.getByText('A copy of “Low scores” as another format')).toBeVisible()
  await expect(page.getByLabel('Rule name')).toHaveValue('Low scores copy')
  await expect(page.getByLabel('WebHook URL')).toHaveValue(`${receiver.url}/desk`)
  await expect(page.getByLabel('Where the service rating is')).toBeChecked()
  await expect(page.getByRole('checkbox', { name: '4 stars' })).not.toBeChecked()
  await expect(page.getByRole('radio', { name: /Full event/ })).toBeChecked()
  await expect(page.getByLabel('User', { exact: true })).toHaveValue('hub')
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
  expect(await page.content()).not.toMatch(/the wootric secret|pa55-word/)
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/Enter the password/)
  await page.getByLabel('Password', { exact: true }).fill('another')
  await page.getByRole('button', { name: 'Save WebHook' }).click()
  await expect(configured(page).getByRole('link', { name: 'Low scores copy', exact: true })).toBeVisible()
  await expect(configured(page).getByRole('link', { name: 'Low scores', exact: true })).toBeVisible()
})

test('a viewer sees no secret and only the host; a foreign or unknown WebHook is not found', async ({
  settings: page,
  account,
  database: { db },
  receiver,
}) => {
  await registerWebhook(page, 'Seen', `${receiver.url}/path?token=hush`, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
    await page.getByRole('radio', { name: /Basic/ }).check()
    await page.getByLabel('User', { exact: true }).fill('the-user')
    await page.getByLabel('Password', { exact: true }).fill('pa55-word')
  })
  await openPage(page, 'Seen')
  const address = page.url()
  expect(await page.content()).not.toContain('pa55-word')
  await db.update(members).set({ role: 'viewer' }).where(eq(members.userId, account.userId))
  await page.goto(address)
  await expect(page.getByText(`${new URL(receiver.url).origin}/…`).first()).toBeVisible()
  await expect(page.getByText('An owner or an admin of this account can read it.')).toBeVisible()
  for (const name of [/Reveal/, 'Rotate', 'Delete', 'Test fire'])
    await expect(page.getByRole('button', { name })).toHaveCount(0)
  expect(await page.content()).not.toMatch(/hush|the-user|pa55-word|whsec_[A-Za-z0-9+/]{20}/)
  const last = address.at(-1) === '0' ? '1' : '0'
  for (const unknown of [
    address.slice(0, -1) + last,
    `${address}x`,
    `${new URL(address).origin}/settings/webhooks/whk_1`,
  ]) {
    const answer = await page.goto(unknown)
    expect(answer?.status(), unknown).toBe(404)
  }
})

test('axe finds no fault on the page of a rotating WebHook, and at 390 px nothing scrolls sideways', async ({
  settings: page,
  receiver,
}) => {
  await registerWebhook(page, 'WWWWWWWWWWWWWWWWWWWWWWWW', `${receiver.url}/${'a-long-path/'.repeat(20)}`, async () => {
    await page.getByRole('radio', { name: /Rateup/ }).check()
  })
  await openPage(page, 'WWWWWWWWWWWWWWWWWWWWWWWW')
  await rotate(page, '168')
  await expect(inForce(page).getByRole('listitem')).toHaveCount(2)
  await page.getByRole('button', { name: 'Rotate', exact: true }).click()
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSidewaysScroll(page)
})
