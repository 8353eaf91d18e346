import { Loading, Skeleton } from '@/components/ui/skeleton'

export default function AuditLoading() {
  return (
    <Loading>
      <div className="flex flex-col gap-1">
        <Skeleton className="h-7 w-32" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <Skeleton className="h-16 max-w-full" />
      <Skeleton className="h-[30rem] rounded-card" />
    </Loading>
  )
}
