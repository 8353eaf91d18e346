import { config } from 'zod'
import { faultWords } from './fault-words'

// zod with messages of the hub's own. Every schema is made by `import * as z` from here, so that no message of the library
// reaches a caller, whatever a schema leaves unsaid. lib/zod.test.ts feeds every schema what it does not expect.

// Without a message of its own, a schema of a form says a whole sentence: "This is not a number."
config({ customError: (issue) => `This ${faultWords(issue)}.` })

export * from 'zod'
