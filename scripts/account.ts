import { understand } from './account/arguments'
import { commands } from './account/commands'
import { operatorCommand } from './operator-command'

// npm run account: what whoever runs the hub does with accounts and people. A password is the first line of the standard
// input, or is prompted for on a terminal, so that it stands neither in the shell's history nor in the list of processes.
// What scripts read stands alone on a line of the standard output: `api key: hbk_…`, a link.

let understood: ReturnType<typeof understand>
operatorCommand(
  (db) => commands[understood.command](db, understood.values),
  () => {
    understood = understand(process.argv.slice(2))
  },
)
