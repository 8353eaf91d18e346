import { crc32, inflateSync } from 'node:zlib'
import pg from 'pg'
import { expect, test } from 'vitest'
import '@/e2e/fixtures/data/webhooks'
import { temperatureImage } from '../formats/temperature-image'
import { type Temperature, temperatures } from '../webhooks/thermometer'
import { matchRoute } from './route'
import { openRoutes } from './routes'
import { serveTemperatureImage } from './temperature-images'

const ask = (path: string, method = 'GET') => serveTemperatureImage(new Request(`https://hub.test${path}`, { method }))

/** The chunks of a PNG, each of whose checksum is right. */
function readPng(bytes: Buffer): Map<string, Buffer> {
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const named = bytes.subarray(at + 4, at + 8 + length)
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(named))
    chunks.set(named.subarray(0, 4).toString(), named.subarray(4))
    at += 12 + length
  }
  return chunks
}

/** Red, green, blue and alpha of a pixel. */
async function pixel(temperature: Temperature, x: number, y: number): Promise<number[]> {
  const chunks = readPng(Buffer.from(await (await ask(temperatureImage(temperature))).arrayBuffer()))
  const width = (chunks.get('IHDR') as Buffer).readUInt32BE(0)
  const rows = inflateSync(chunks.get('IDAT') as Buffer)
  const at = Math.floor(y * width) * (width * 4 + 1) + 1 + Math.floor(x * width) * 4
  return [...rows.subarray(at, at + 4)]
}

test.each(temperatures)('the image of %s is a PNG that anyone may read and keep', async (temperature) => {
  const answer = await ask(temperatureImage(temperature))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('image/png')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=2592000')
  expect(Number(answer.headers.get('content-length'))).toBe((await answer.arrayBuffer()).byteLength)
})

test('each temperature has its own colour, on nothing', async () => {
  const middles = await Promise.all(temperatures.map((temperature) => pixel(temperature, 0.5, 0.5)))
  expect(new Set(middles.map(String)).size).toBe(4)
  for (const temperature of temperatures) {
    expect((await pixel(temperature, 0.5, 0.5))[3]).toBe(255)
    expect((await pixel(temperature, 0, 0))[3]).toBe(0)
  }
})

test('gold is a star: it has a point at the top and a notch below', async () => {
  const alphas = async (temperature: Temperature) =>
    Promise.all([pixel(temperature, 0.5, 0.12), pixel(temperature, 0.5, 0.9)]).then((pixels) => pixels.map((p) => p[3]))
  expect(await alphas('gold')).toEqual([255, 0])
  expect(await alphas('yellow')).toEqual([255, 255])
})

test('anything else is not there, and an image is only read', async () => {
  for (const path of ['/images/temperatures/blue.png', '/images/temperatures/red.svg', '/images/temperatures/'])
    expect((await ask(path)).status).toBe(404)
  expect((await ask(temperatureImage('red'), 'POST')).status).toBe(405)
  const head = await ask(temperatureImage('red'), 'HEAD')
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('the hub answers for them before its pages do', () => {
  const routes = openRoutes(new pg.Pool(), () => {})
  for (const temperature of temperatures)
    expect(matchRoute(routes, temperatureImage(temperature))).toBe(serveTemperatureImage)
})
