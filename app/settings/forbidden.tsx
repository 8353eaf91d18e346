import { RefusedMessage } from '@/components/shell/refused-message'

export default function Forbidden() {
  return <RefusedMessage why="role" />
}
