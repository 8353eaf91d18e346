import { format } from 'node:util'
import { isRefused } from './accounts/refusals'
import { log } from './log'
import { errorText, redactText } from './log-redaction'
import { limitRepeats } from './log-repeats'

// Next prints what a page or an action threw with console.error, whole: a failed query with its parameters among it.

const levels = { error: 'error', warn: 'warn', log: 'info', info: 'info', debug: 'debug' } as const

const limited = limitRepeats()
const counted = (times: number) => (times > 1 ? { times } : {})

/** Sends what this process prints to its log, masked. In development it stays text on the terminal, masked too. */
export function logConsole({ dev }: { dev: boolean }): void {
  for (const [name, level] of Object.entries(levels) as [keyof typeof levels, 'error' | 'warn' | 'info' | 'debug'][]) {
    const print = console[name].bind(console)
    console[name] = (...given: unknown[]) => {
      if (given.some(isRefused)) return
      if (dev) return print(...given.map(masked))
      const error = given.find((value) => value instanceof Error)
      const words = given.filter((value) => value !== error)
      const message = redactText(format(...words)).trim()
      if (error) log()[level](error, message || 'a page failed')
      // Libraries write times into their lines.
      else if (message)
        limited(`${level} ${message.replace(/\d+/g, '')}`, (times) => log()[level](counted(times), message))
    }
  }
}

const masked = (value: unknown): unknown =>
  value instanceof Error ? errorText(value) : typeof value === 'string' ? redactText(value) : value
