import { Loading, Skeleton } from '@/components/ui/skeleton'

export default function ProfileLoading() {
  return (
    <Loading>
      <div className="flex flex-col gap-1">
        <Skeleton className="h-7 w-32" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <Skeleton className="h-32 max-w-[40rem] rounded-card" />
      <Skeleton className="h-80 max-w-[40rem] rounded-card" />
      <Skeleton className="h-44 max-w-[40rem] rounded-card" />
    </Loading>
  )
}
