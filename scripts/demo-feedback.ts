const people = [
  ['Priya Shah', 'Leeds', 'GB'],
  ['Tom Okafor', 'Bristol', 'GB'],
  ['Marta Nowak', 'Kraków', 'PL'],
  ['Jonas Weber', 'Bremen', 'DE'],
  ['Chloé Martin', 'Lyon', 'FR'],
] as const

const words: Record<number, readonly string[]> = {
  1: ['Arrived broken, nobody answers.', 'Wrong colour twice.'],
  2: ['Took nine days.', 'Box was crushed.'],
  3: ['Fine, nothing special.', 'Good lamp, slow post.'],
  4: ['Quick and well packed.', 'Would buy again.'],
  5: ['Lovely, exactly as shown.', 'The best desk lamp I have owned.'],
}

const products = [
  ['LMP-7', 'Brass desk lamp'],
  ['SHD-2', 'Linen shade'],
  ['BLB-9', 'Warm bulb, three pack'],
] as const

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

let last: { id: string; event: Record<string, unknown> } | undefined

/** The n-th event of the demo: mostly new feedback, sometimes an update of the one before. */
export function demoFeedback(n: number): Record<string, unknown> {
  if (last && n % 5 === 4) {
    const feedback = {
      ...(last.event.feedback as object),
      comment: 'They called me back. Thank you.',
    }
    return { ...last.event, id: `${last.id}-updated`, type: 'feedback.updated', feedback }
  }
  const [name, location, country] = pick(people)
  const [sku, title] = pick(products)
  const rating = 1 + Math.floor(Math.random() * 5)
  const id = `demo-${Date.now().toString(36)}-${n}`
  const event = {
    id,
    type: 'feedback.created',
    source: { key: 'after-delivery', name: 'After delivery', kind: 'email' },
    feedback: {
      id: `fb-${id}`,
      service: { rating, text: pick(words[rating] ?? ['']) },
      products: [{ sku, title, rating: Math.min(5, rating + 1) }],
      nps: { score: Math.min(10, rating * 2 + Math.floor(Math.random() * 2)) },
      customer: {
        name,
        displayName: name.split(' ')[0],
        email: `${name.split(' ')[0]?.toLowerCase()}@example.net`,
        location,
        country,
      },
      order: { ref: `A-${1000 + n}` },
    },
  }
  last = { id, event }
  return event
}
