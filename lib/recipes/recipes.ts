import type { FormatKey } from '../formats/format'

// What to enter in the form for systems other than one's own code. The page Recipes and docs/recipes.md both show this
// text. Backticks mark code.

export type Recipe = {
  key: string
  title: string
  /** What the recipe achieves. */
  purpose: string
  format: FormatKey
  /** Why this format, and when to choose another. */
  formatNote: string
  url: string
  authentication: string
  steps: readonly string[]
  code?: { what: string; language?: 'sh' | 'js'; text: string }
  /** What to expect at the receiving end. */
  expect: string
  pitfall: string
}

export const recipes: readonly Recipe[] = [
  {
    key: 'zapier',
    title: 'Zapier (Catch Hook)',
    purpose: 'Start a Zap with every piece of feedback that matches the rule.',
    format: 'standard',
    formatNote:
      'Each value becomes a field named after its path in the event, such as `data__feedback__service__rating`. For thermometers choose “Customer Thermometer”: its body is flat and its names are short.',
    url: 'The full URL that the trigger shows, `https://hooks.zapier.com/hooks/catch/…`.',
    authentication:
      'Zapier asks for none. Anyone who knows the URL can call it, so treat it as a password. With “Pre-shared key”, your pre-shared key is sent to Zapier. To avoid that, choose “None”.',
    steps: [
      'In Zapier, create a Zap with the trigger “Webhooks by Zapier”, event “Catch Hook”. It needs a paid plan.',
      'Copy the trigger’s URL into WebHook URL here.',
      'Press Test fire here, then “Test trigger” in Zapier, and choose the request that came in. Zapier learns its fields from this request, so give the sample every field that the Zap needs.',
      'Add the actions, publish the Zap, and save the WebHook.',
    ],
    expect: 'Zapier answers `200` with `"status": "success"` and an id. The run is in Zap history a few seconds later.',
    pitfall:
      'Zapier answers `200` even if the Zap is paused or has failed. A green call here means that Zapier has the event, not that the Zap ran: check Zap history. If the Zap changes its owner, it gets a new URL.',
  },
  {
    key: 'make',
    title: 'Make',
    purpose: 'Start a scenario with every piece of feedback.',
    format: 'standard',
    formatNote: 'Make keeps the nesting: map fields by their names in the body.',
    url: 'The URL that the custom webhook shows, `https://hook.<region>.make.com/…`.',
    authentication:
      'Make asks for none unless the hook has an API key. In that case add it under Advanced here, as the custom header `x-make-apikey`. A pre-shared key is sent to Make, as described for Zapier.',
    steps: [
      'Start the scenario with the module “Custom webhook” of the app Webhooks, and add a webhook.',
      'Copy its address into WebHook URL here.',
      'While Make waits for data, press Test fire here. Make takes the structure from that request.',
      'Add the other modules, switch the scenario on, and save the WebHook.',
    ],
    expect:
      'Make answers `200` and `Accepted`. The request is in the scenario’s history, or in the hook’s queue while the scenario is off.',
    pitfall:
      'Make retires a hook that no scenario uses after about five days, and then answers `410`. A `410` turns a WebHook off here at once. Connect the hook to its scenario before you save. After a `410`, create a new hook and enter its address.',
  },
  {
    key: 'slack',
    title: 'Slack through Zapier',
    purpose: 'Post bad ratings and their comments to a channel.',
    format: 'customer-thermometer',
    formatNote:
      'Flat, with `response`, `comment` and `recipient` ready for a message. For ratings other than thermometers choose “Full event”.',
    url: 'The URL of a Catch Hook, as in the recipe for Zapier. Slack’s own incoming webhooks do not work: they accept only Slack’s message format.',
    authentication: 'As for Zapier.',
    steps: [
      'Create the Zap of the first recipe.',
      'In the form here, tick only what the channel should see, such as Red and Yellow: comment. Everything else would use up Zapier tasks and distract the channel.',
      'Choose the Slack action “Send Channel Message”, and write the message with the fields of the sample.',
      'Test fire again and look at the channel.',
    ],
    expect:
      'A message in the channel a few seconds after the customer answers. A rating and a later comment are two events: with both boxes ticked, the channel gets two messages.',
    pitfall:
      'Customers can write anything, including `@channel`. In the action, turn off the linking of user and channel names, or one comment notifies everyone.',
  },
  {
    key: 'freshdesk',
    title: 'Freshdesk',
    purpose: 'Add a rating and its comment to the ticket it is about.',
    format: 'customer-thermometer',
    formatNote:
      '`custom_1` is the first value of `custom` that your platform sends with the feedback. Send the ticket number there.',
    url: 'The URL of a Catch Hook in Zapier or a custom webhook in Make.',
    authentication: 'As for Zapier or Make. You enter Freshdesk’s API key there, when you connect it, not here.',
    steps: [
      'Create the Zap or the scenario of the recipes above, and test fire with a ticket number in the sample’s `custom`.',
      'Add the Freshdesk action that updates or annotates a ticket, with `custom_1` as the ticket.',
      'Put `response` and `comment` into the note. If the number may be missing, look up the ticket by `recipient` first.',
      'Tick the responses and comments that agents should see, and save.',
    ],
    expect:
      'A private note on the ticket. A second event of the same response, such as a comment after the rating, adds a second note.',
    pitfall:
      'Freshdesk’s API can’t be the WebHook URL, even with Basic and its key: it expects the fields of a ticket and answers `400` to anything else. Use Zapier or Make to translate.',
  },
  {
    key: 'google-sheets',
    title: 'Google Sheets (Apps Script)',
    purpose: 'Append a row to a sheet for every piece of feedback.',
    format: 'customer-thermometer',
    formatNote:
      'Flat: each value is a field of its own. For ratings other than thermometers choose “Full event” and read `data.feedback`.',
    url: 'The URL of the script’s web app, `https://script.google.com/macros/s/…/exec`.',
    authentication:
      'None. A script sees no headers, so it can check neither Authorization nor a signature. Put a long secret into the URL, such as `?key=…`, and compare it in the script.',
    steps: [
      'In the sheet open Extensions › Apps Script and paste the script below, with a secret of your own.',
      'Choose Deploy › New deployment › Web app, run as yourself, with access for anyone. Copy the URL into WebHook URL here, and add `?key=` and the secret.',
      'Under Advanced set Success to “2xx or 3xx”. Apps Script runs first and then answers `302` to a page with its output. We never follow it: the row is already there.',
      'Set the timeout under Advanced to 30 s, because a script may take several seconds to start. Test fire, look at the sheet, and save.',
    ],
    code: {
      what: 'script',
      language: 'js',
      text: `function doPost(e) {
  if (e.parameter.key !== 'your own long secret') throw new Error('wrong key')
  const event = JSON.parse(e.postData.contents)
  const lock = LockService.getScriptLock()
  lock.waitLock(20000)
  SpreadsheetApp.getActiveSpreadsheet().getSheets()[0]
    .appendRow([event.event_id, event.response_date, event.response, event.comment])
  lock.releaseLock()
  return ContentService.createTextOutput('done')
}`,
    },
    expect:
      'The result `302 Found`, shown as a success, and a new row. With Success at “2xx” the same call fails, and each of its retries appends the row again.',
    pitfall:
      'Where the script must not be run by anyone, Google answers `302` to its sign-in page, which counts as a success too: after each deployment look for the row, not only for a green call. An error in the script may be answered with `200` and an error page: see Executions in Apps Script. One event may arrive twice, so let `event_id` identify its row.',
  },
  {
    key: 'raw',
    title: 'See the raw request',
    purpose: 'Look at headers and body before you write any code.',
    format: 'standard',
    formatNote: 'Or the format that your endpoint will receive: a test fire is signed like a real call.',
    url: 'The address of a request bin such as webhook.site, or `http://127.0.0.1:8080/` for the receiver below on your own machine.',
    authentication:
      'If the account has a pre-shared key and the bin is not yours, choose “None”. A bin shows the Authorization header to everyone who opens it.',
    steps: [
      'Open a request bin in another tab, copy its address into WebHook URL, and press Test fire. You do not need to save.',
      'Or start the receiver below on the machine that runs the hub, and start the hub with `HEARBACK_ALLOW_PRIVATE_TARGETS=127.0.0.0/8`.',
      'The page of every call also shows its exact request, with “Copy” for the body.',
    ],
    code: {
      what: 'receiver',
      text: `node -e 'require("http").createServer((q, s) => { console.log(q.rawHeaders); q.pipe(process.stdout, { end: false }); q.on("end", () => s.end()) }).listen(8080, "127.0.0.1")'`,
    },
    expect:
      'The request line by line, with `hearback-test: true` among its headers, and a `200` as the result of the test fire.',
    pitfall:
      'A bin is open to everyone who knows its address, and is deleted after some days. Send it samples only, never real customers’ data, and do not leave a WebHook pointed at it.',
  },
]
