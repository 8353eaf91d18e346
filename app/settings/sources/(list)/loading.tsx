import { Loading, Skeleton } from '@/components/ui/skeleton'

export default function SourcesLoading() {
  return (
    <Loading>
      <div className="flex flex-col gap-1">
        <Skeleton className="h-7 w-28" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <Skeleton className="h-80 rounded-card" />
    </Loading>
  )
}
