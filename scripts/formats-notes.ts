import type { FormatKey } from '../lib/formats/format'

// What docs/formats.md says about a format and its module can't: where values come from, and what was decided how.

export const formatNotes: Record<FormatKey, string> = {
  feefo: `The link answers with that one review. The id is random and says nothing about the feedback.

**A reading of the source.** The document this format follows says that the payload view shows the pre-shared key "as the
value after hmac", and that the key travels in the request's Authorization header. We take both together: the header line
is \`Authorization: hmac <key>\`, it is part of what the payload view shows, and there it is masked until it is revealed.
The key is compared as it stands; it does not sign the body.`,

  'customer-thermometer': `The signature covers the Date header: it is the base64 HMAC-SHA256, keyed with the secret's text, of \`Date: \`, the value of
that header, a line feed and the raw body.

| key | value |
|---|---|
| \`event_id\` | of the event: another one for each call that is not a retry |
| \`response_id\` | of the feedback: the same for every event of it |
| \`blast_name\`, \`blast_id\`, \`blast_date\` | the campaign's name, id and \`sentAt\`; null when there is none |
| \`thermometer_name\`, \`thermometer_id\` | the source's name, and the thermometer id entered at it, else ours |
| \`temperature_id\` | 1 gold, 2 green, 3 yellow, 4 red |
| \`response_date\`, \`response_delay\` | when the feedback was created, and whole minutes from \`blast_date\` to it; null without \`blast_date\`, never below 0 |
| \`response_icon\` | an \`<img>\` tag; its PNG is served by the hub to anyone |
| \`recipient\`, \`company\`, \`country\` | of the customer |
| \`first_name\`, \`last_name\` | the customer's own; what is not given is taken from their name, split at its last space |
| \`custom_1\` to \`custom_10\` | the feedback's \`custom\`, else "" |
| \`ip_address\`, \`user_agent\` | of the request that gave the feedback |
| \`drivers\` | always a list |

Everything else that is not known is null. Dates are ISO 8601 in UTC.`,

  wootric: `The signature is \`sha1=\` and the hex HMAC-SHA1 of the raw body, keyed with the secret's text.

| key | value |
|---|---|
| \`id\` | of a response: the feedback's, the same for every event of it; of a decline: the event's |
| \`score\`, \`survey_mode\` | the NPS score and \`NPS\`; without one the service rating and \`CSAT\`. A decline is \`NPS\` |
| \`text\` | the NPS reason, else the comment, else the text of the service rating, else null |
| \`end_user_id\` | one for each customer of the account: known again by e-mail, else external id, else phone |
| \`external_id\`, \`email\`, \`end_user_properties\` | of the customer; properties are an empty object when there are none |
| \`survey_id\` | the survey id entered at the source, else ours |
| \`account_token\` | the token entered under Settings › Account, else \`NPS-\` and 8 hex digits of ours |
| \`timestamp\` | when the hub accepted the event |

A decline has no \`score\`, no \`text\` and no \`excluded_from_calculations\`.

**Form bodies** carry the same as JSON bodies: brackets for nesting, an empty value for null, an empty list and an empty
object, \`[]\` for a list of plain values, \`[0]\`, \`[1]\`, … for any other list. Dates are \`YYYY-MM-DD HH:MM:SS +0000\`, which
cuts their milliseconds. Readers look for brackets in a name after decoding it, so a property's name is sent with round
brackets for square ones, and a blank one as \`_\`.`,

  reviews: `The names are \`review-created\`, \`review-updated\`, \`review-deleted\`, \`message-created\`, \`message-updated\` and
\`message-deleted\`. \`data\` is the whole review or message, for a deletion with \`deletedAt\`: the review as it was last
stored, the message as the event tells it. A deletion of a review that the hub never knew is not sent. \`reviewId\` is the
id that the Reviews API knows.

**One visit, two events.** When a customer clicks a rating in a message, \`review-created\` is sent at once; when they then
write something, \`review-updated\` follows. Listen to \`review-updated\` alone to hear of finished reviews only.`,

  rateup: `The signature is the base64 HMAC-SHA256, keyed with the secret's text, of the body. The documented receivers verify what
\`JSON.stringify\` makes of the body they parsed, so the body is written as \`JSON.stringify\` would write it again.

| key | value |
|---|---|
| \`createdAt\` | when the feedback was created |
| \`phone\`, \`language\` | the customer's phone, and the first part of their locale; null when not known |
| \`responses\` | the feedback's \`answers\` |
| \`teamId\` | the team id entered under Settings › Account, else the account's |
| \`surveyId\` | the survey id entered at the source, else the source's |

\`x-webhook-id\` is the same on every retry, and so is \`x-rateup-triggered-at\`: the moment the hub accepted the event.`,

  standard: `\`data\` carries \`feedback\`, \`decline\` or \`message\`, by the type. For \`feedback.deleted\` it is the last stored version, with
\`deletedAt\`. Signed as [Standard Webhooks](https://www.standardwebhooks.com) 1.0: \`webhook-signature\` is \`v1,\` and the
base64 HMAC-SHA256 of \`webhook-id.webhook-timestamp.body\`, keyed with the bytes behind \`whsec_\`. \`reviews\` is signed the
same way.`,
}
