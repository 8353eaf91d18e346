import { Search } from 'lucide-react'
import Form from 'next/form'
import { Button } from '../ui/button'
import { Input } from '../ui/input'

type Props = { /** What was looked for. */ sought?: string }

/** Finds whatever an id names. It is one field, because the hub recognises the kind of id. */
export const FindBox = ({ sought }: Props) => (
  <Form action="/settings/find" role="search" aria-label="Find by id" className="flex gap-2">
    <Input
      key={sought}
      mono
      type="search"
      name="id"
      required
      aria-label="Find by id"
      placeholder="Paste an id: feedback, event, webhook-id, call"
      defaultValue={sought}
      maxLength={500}
      className="md:max-w-120"
    />
    <Button type="submit" icon={<Search aria-hidden />}>
      Find
    </Button>
  </Form>
)
