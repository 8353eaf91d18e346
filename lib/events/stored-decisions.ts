import { type SQL, sql } from 'drizzle-orm'
import { type DecisionCode, type DecisionRow, decisionCodes } from './event-record'

// Decisions as an event keeps them: each reason is its place in `decisionCodes`, which takes two bytes instead of twenty. Events
// from before migration 0019 have the reasons in words.

type StoredCode = number | DecisionCode
export type StoredDecisions = Omit<DecisionRow, 'webhooks'> & {
  webhooks: [number: number, version: number, code: StoredCode][]
}

const places = new Map(decisionCodes.map((code, place) => [code, place]))
const matched = places.get('matched') as number

/** The decisions as they are stored. */
export const storeDecisions = ({ webhooks, ...rest }: DecisionRow): StoredDecisions => ({
  ...rest,
  webhooks: webhooks.map(([number, version, code]) => [number, version, places.get(code) ?? code]),
})

/** Stored decisions of any age. */
export const readStoredDecisions = ({ webhooks, ...rest }: StoredDecisions): DecisionRow => ({
  ...rest,
  webhooks: webhooks.map(([number, version, code]) => [
    number,
    version,
    typeof code === 'number' ? (decisionCodes[code] as DecisionCode) : code,
  ]),
})

/** SQL: how many webhooks matched. */
export const countMatched = (decisions: SQL.Aliased | SQL): SQL<number> => sql<number>`
  (select count(*)::int from json_array_elements(${decisions} -> 'webhooks') as decision
    where decision ->> 2 in (${String(matched)}, 'matched'))`

/** SQL: whether the webhook of this number matched. `number`: an SQL value. */
export const hasMatched = (decisions: SQL.Aliased | SQL, number: SQL): SQL<boolean> => sql<boolean>`
  jsonb_path_exists(${decisions}::jsonb,
    ${`strict $.webhooks[*] ? (@[0] == $number && (@[2] == ${matched} || @[2] == "matched"))`}::jsonpath,
    jsonb_build_object('number', ${number}))`
