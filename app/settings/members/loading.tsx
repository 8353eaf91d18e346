import { Loading, Skeleton } from '@/components/ui/skeleton'

export default function MembersLoading() {
  return (
    <Loading>
      <div className="flex flex-col gap-1">
        <Skeleton className="h-7 w-32" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <Skeleton className="h-44 rounded-card" />
      <Skeleton className="h-44 rounded-card" />
    </Loading>
  )
}
