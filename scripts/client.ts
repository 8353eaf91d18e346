import path from 'node:path'
import { buildClient, clientFolder, generateClient, installClientPackages } from './client-package'

// npm run client: after a change of the API. Generates clients/typescript/src/generated, and builds the package.

installClientPackages()
generateClient(path.join(clientFolder, 'src/generated'))
buildClient()
