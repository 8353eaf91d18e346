import { temperatureImage } from '../formats/temperature-image'
import { type Temperature, temperatures } from '../webhooks/thermometer'
import { FastResponse } from './fast-response'
import { png } from './png'
import { problem } from './problem'
import type { Handler } from './route'

// GET /images/temperatures/{gold|green|yellow|red}.png: what the <img> of Customer Thermometer's `response_icon` shows.
// Receivers put it into e-mails and tickets, so it needs no session, and it is PNG: e-mail programs show no SVG.

const size = 48
const colours: Record<Temperature, [red: number, green: number, blue: number]> = {
  gold: [214, 158, 0],
  green: [47, 158, 91],
  yellow: [245, 208, 40],
  red: [208, 52, 44],
}

/** Answers one image from memory; a browser and a proxy may keep it for 30 days. */
export const serveTemperatureImage: Handler = async (request) => {
  const { pathname } = new URL(request.url)
  const temperature = temperatures.find((known) => temperatureImage(known) === pathname)
  if (!temperature) return problem(404, 'Not found', 'There is no such image.')
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return problem(405, 'Method not allowed', 'Read images with GET.', { headers: { allow: 'GET, HEAD' } })
  const image = imageOf(temperature)
  return new FastResponse(request.method === 'HEAD' ? null : new Uint8Array(image), {
    headers: {
      'content-type': 'image/png',
      'content-length': String(image.length),
      'cache-control': 'public, max-age=2592000',
    },
  })
}

const drawn = new Map<Temperature, Buffer>()

function imageOf(temperature: Temperature): Buffer {
  const known = drawn.get(temperature)
  if (known) return known
  const image = draw(temperature === 'gold' ? insideStar : insideDisc, colours[temperature])
  drawn.set(temperature, image)
  return image
}

/** Whether a point is inside a shape; the image reaches from -1 to 1 both ways, y downwards. */
type Shape = (x: number, y: number) => boolean

const insideDisc: Shape = (x, y) => Math.hypot(x, y) <= 0.92

/** Gold is a star, so that it is told from yellow by more than its colour. */
const insideStar: Shape = (x, y) => {
  const fifth = (2 * Math.PI) / 5
  // One fifth of the star, mirrored at its point: left of the edge from the point to the notch is inside.
  const turn = Math.abs(((((Math.atan2(x, -y) + fifth / 2) % fifth) + fifth) % fifth) - fifth / 2)
  const [across, along] = [Math.hypot(x, y) * Math.sin(turn), Math.hypot(x, y) * Math.cos(turn)]
  const [point, notch] = [0.98, 0.44]
  const [notchAcross, notchAlong] = [notch * Math.sin(fifth / 2), notch * Math.cos(fifth / 2)]
  return across * (point - notchAlong) <= notchAcross * (point - along)
}

/** Each pixel is as opaque as the part of its 16 sample points that is inside. */
function draw(inside: Shape, colour: readonly number[]): Buffer {
  const rgba = new Uint8Array(size * size * 4)
  const at = (pixel: number, sample: number) => ((pixel + (sample + 0.5) / 4) / size) * 2 - 1
  const samples = [0, 1, 2, 3]
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const hits = samples.flatMap((i) => samples.filter((j) => inside(at(x, i), at(y, j)))).length
      rgba.set([...colour, Math.round((hits * 255) / 16)], (y * size + x) * 4)
    }
  return png(size, rgba)
}
