import { Loading, Skeleton } from '@/components/ui/skeleton'

export default function AccountLoading() {
  return (
    <Loading>
      <div className="flex flex-col gap-1">
        <Skeleton className="h-7 w-32" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <Skeleton className="h-[50rem] rounded-card" />
    </Loading>
  )
}
