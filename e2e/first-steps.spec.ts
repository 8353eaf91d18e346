import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { countClicks } from './fixtures/browser/count-clicks'
import { expect, expectAccessible, expectNoSidewaysScroll, registerWebhook, test } from './fixtures/browser/test'

test('after the first save the first steps lead from a key over an event to verified calls, and are gone after the last', async ({
  settings: page,
  account,
  database,
  receiver,
}) => {
  await database.db.execute(sql`delete from api_keys where account_id = ${account.id}`)
  await expect(page.getByRole('heading', { name: 'First steps' })).toHaveCount(0)
  await registerWebhook(page, 'Low ratings', receiver.url, async () => {
    await page.getByRole('radio', { name: /Full event/ }).check()
    await page.getByLabel('Where the service rating is').check()
    await page.getByRole('button', { name: 'None' }).click()
    await page.getByRole('checkbox', { name: '1 star', exact: true }).check()
  })
  const steps = page.getByRole('region', { name: 'First steps' })
  await expect(steps).toBeVisible()
  const clicks = await countClicks(page)
  await steps.getByRole('button', { name: 'Make key' }).click()
  // The examples have the key, and the code runs as it is shown.
  await expect(steps.getByText('The key is filled in.')).toBeVisible()
  await steps.getByRole('tab', { name: 'Node' }).click()
  const code = steps.locator('pre').filter({ hasText: 'await fetch' })
  await expect(code).toContainText('Bearer hbk_')
  await expectAccessible(page)
  const program = ['--input-type=module', '-e', await code.innerText()]
  const { stdout } = await promisify(execFile)(process.execPath, program, {
    env: { PATH: process.env.PATH ?? '' } as never,
  })
  expect(stdout).toMatch(/^202 /)
  const [request] = await receiver.waitFor(1)
  expect(JSON.parse(String(request?.body)).data.feedback.service.rating).toBe(1)

  await expect(steps.getByRole('link', { name: 'Code that verifies it' })).toBeVisible()
  await page.setViewportSize({ width: 390, height: 800 })
  await expectNoSidewaysScroll(page)
  await steps.getByRole('button', { name: 'My endpoint verifies it' }).click()
  await expect(steps).toHaveCount(0)
  expect(await clicks()).toBe(3)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'WebHooks', exact: true })).toBeVisible()
  await expect(steps).toHaveCount(0)
})
