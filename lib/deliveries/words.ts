import { done, type FormResult, missing, refused } from '../form-result'
import type { Cancelled } from './cancel-delivery'
import type { SentAgain } from './send-again'
import type { TriedNow } from './try-now'

// What a person is told when an action on a delivery was not carried out.

const lost = 'It is older than the history that this hub keeps, or its WebHook was deleted.'

export function triedNowResult({ outcome }: TriedNow): FormResult {
  switch (outcome) {
    case 'done':
      return done(undefined)
    case 'none':
      return refused('Nothing waits that could be sent now: it has ended, or its call is under way.')
    case 'held':
      return refused('The WebHook is held. Release it first.')
    case 'off':
      return refused('The WebHook is off. Turn it on first.')
    case 'gone':
      return missing(lost)
  }
}

export function sentAgainResult({ outcome }: SentAgain): FormResult {
  switch (outcome) {
    case 'done':
    case 'held':
      return done(undefined)
    case 'waiting':
      return refused('It is on its way already.')
    case 'off':
      return refused('The WebHook is off. Turn it on, then send this again.')
    case 'gone':
      return missing(lost)
  }
}

export function cancelledResult({ outcome }: Cancelled): FormResult {
  switch (outcome) {
    case 'done':
      return done(undefined)
    case 'under-way':
      return refused('It is being called at this moment. Try again when the call is over.')
    case 'ended':
      return refused('It has ended already.')
    case 'gone':
      return missing(lost)
  }
}
