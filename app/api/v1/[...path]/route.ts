import { sharedApi } from '@/lib/api/shared-api'

export const dynamic = 'force-dynamic'

export { sharedApi as DELETE, sharedApi as GET, sharedApi as PATCH, sharedApi as POST, sharedApi as PUT }
