import { graphemesOf } from '../entered-name'
import { nameSchema, ruleNameAtMost } from '../webhooks/name-schema'

/** A rule name made of a source's name: cut to 24 characters, with a number at the end while `isTaken`. Pure. */
export function ruleNameOf(sourceName: string, isTaken: (name: string) => boolean): string {
  const shown = sourceName.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  const characters = graphemesOf(shown)
  for (let n = 1; ; n++) {
    const name = fitted(characters, n === 1 ? '' : ` ${n}`)
    if (!isTaken(name)) return name
  }
}

/** The longest beginning that makes a valid rule name together with `ending`. */
function fitted(characters: string[], ending: string): string {
  for (let length = ruleNameAtMost - ending.length; length > 0; length--) {
    const name = characters.slice(0, length).join('').trimEnd() + ending
    if (nameSchema.safeParse(name).success) return name
  }
  return `Source${ending}`
}
