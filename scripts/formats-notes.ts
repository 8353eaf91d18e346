import type { FormatKey } from '../lib/formats/format'

// What docs/formats.md says beyond the facts in a format's module: the document it follows and where its values come from.

export const formatNotes: Record<FormatKey, string> = {
  feefo: `It follows Feefo's “WebHooks”. The link returns that one review. The id is random and reveals nothing.

**An interpretation.** Feefo's document says that the payload view shows the pre-shared key “as the value after hmac”, and that
the key is sent in the Authorization header. Hearback combines both: the header is \`Authorization: hmac <key>\`, and the payload
view shows it, masked until it is revealed. Receivers compare the key itself. It does not sign the body.`,

  'customer-thermometer': `It follows Customer Thermometer's “Webhooks”. The signature covers the Date header: it is the base64
HMAC-SHA256, keyed with the secret's text, of \`Date: \`, that header's value, a line feed and the raw body.

| key | value |
|---|---|
| \`event_id\` | the event's id: the same on every retry, different for every event |
| \`response_id\` | the feedback's id: the same for all its events |
| \`blast_name\`, \`blast_id\`, \`blast_date\` | the campaign's name, id and \`sentAt\`; null without a campaign |
| \`thermometer_name\`, \`thermometer_id\` | the source's name, and the thermometer id entered there, else the hub's |
| \`temperature_id\` | 1 gold, 2 green, 3 yellow, 4 red |
| \`response_date\`, \`response_delay\` | when the feedback was created, and the whole minutes from \`blast_date\` until then: null without \`blast_date\`, at least 0 |
| \`response_icon\` | an \`<img>\` tag; the hub serves its PNG publicly |
| \`recipient\`, \`company\`, \`country\` | the customer's |
| \`first_name\`, \`last_name\` | the customer's; a missing one is taken from their name, split at its last space |
| \`custom_1\` to \`custom_10\` | the feedback's \`custom\`, else "" |
| \`ip_address\`, \`user_agent\` | the request's in which the customer gave the feedback |
| \`drivers\` | always a list |

Other unknown values are null. Dates are ISO 8601 in UTC.`,

  wootric: `It follows Wootric's “Outgoing Webhooks”. The signature is \`sha1=\` and the hex HMAC-SHA1 of the raw body, keyed with the secret's text.

| key | value |
|---|---|
| \`id\` | of a response, the feedback's id, the same for all its events; of a decline, the event's id |
| \`score\`, \`survey_mode\` | the NPS score and \`NPS\`, or without NPS the service rating and \`CSAT\`. A decline has \`NPS\` |
| \`text\` | the NPS reason, else the comment, else the text of the service rating, else null |
| \`end_user_id\` | one per customer of the account, identified by e-mail, else external id, else phone |
| \`external_id\`, \`email\`, \`end_user_properties\` | the customer's; properties are an empty object if there are none |
| \`survey_id\` | the survey id entered at the source, else the hub's |
| \`account_token\` | the token entered under Settings › Account, else \`NPS-\` and the first 8 hex digits of the account's id |
| \`timestamp\` | when the hub accepted the event |

A decline has no \`score\`, no \`text\` and no \`excluded_from_calculations\`.

**Form bodies** have the same content as JSON bodies. Nesting is written with brackets. Null, an empty list and an empty object
are empty values. A list of plain values uses \`[]\`; any other list uses \`[0]\`, \`[1]\`, …. Dates are
\`YYYY-MM-DD HH:MM:SS +0000\`, without milliseconds. Form parsers look for brackets after decoding, so square brackets in a
property's name are sent as round ones, and a blank name as \`_\`.`,

  reviews: `It follows MoreGoodReviews' “Webhooks”. The event names are \`review-created\`, \`review-updated\`, \`review-deleted\`,
\`message-created\`, \`message-updated\` and \`message-deleted\`. \`data\` is the whole review or message. A deletion adds
\`deletedAt\` to the review as last stored, or to the message as the event carries it. The deletion of a review that the hub
never received is not sent. \`reviewId\` is the review's id in the Reviews API.

**One visit, two events.** When a customer clicks a rating in a message, \`review-created\` is sent at once. When they then write
something, \`review-updated\` follows. To get finished reviews only, tick \`review-updated\` alone.`,

  rateup: `It follows Rateup's “Webhook Usage Guide”. The signature is the base64 HMAC-SHA256 of the body, keyed with the secret's
text. Rateup's sample receivers sign \`JSON.stringify\` of the parsed body, so the body is exactly what \`JSON.stringify\` writes.

| key | value |
|---|---|
| \`createdAt\` | when the feedback was created |
| \`phone\`, \`language\` | the customer's phone, and the language of their locale; null if unknown |
| \`responses\` | the feedback's \`answers\` |
| \`teamId\` | the team id entered under Settings › Account, else the account's id |
| \`surveyId\` | the survey id entered at the source, else the source's id |

\`x-webhook-id\` is the same on every retry, and so is \`x-rateup-triggered-at\`: the moment the hub accepted the event.`,

  standard: `\`data\` has \`feedback\`, \`decline\` or \`message\`, depending on the type. For \`feedback.deleted\` it has the last stored
version with \`deletedAt\`. It is signed as [Standard Webhooks](https://www.standardwebhooks.com) 1.0: \`webhook-signature\` is \`v1,\` and the
base64 HMAC-SHA256 of \`webhook-id.webhook-timestamp.body\`, keyed with the bytes behind \`whsec_\`. \`reviews\` is signed the
same way.`,
}
