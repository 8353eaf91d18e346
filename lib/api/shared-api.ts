import { db } from '../db/client'
import { CLIENT_ADDRESS_HEADER } from '../http/client-address'
import { openOnce } from '../http/open-once'
import { log } from '../log'
import { isBehindDoor } from '../pages/behind-door'
import { openApi } from './open-api'

/** The API of this process, opened by its first request. */
export const sharedApi = openOnce(() => openApi({ db: db(), log: log(), addressOf }))

/** Without the hub's own door, the last address, which the host's proxy appends: a client can set only those before it. */
const addressOf = ({ headers }: Request): string =>
  (isBehindDoor() ? headers.get(CLIENT_ADDRESS_HEADER) : headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()) ??
  'unknown'
