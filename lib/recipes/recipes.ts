import type { FormatKey } from '../formats/format'

// What to enter in the form for systems that are no code of one's own. The page Recipes and docs/recipes.md both show
// this text; `code` stands between backticks.

export type Recipe = {
  key: string
  title: string
  /** What one gets. */
  purpose: string
  format: FormatKey
  /** Why this format, or when another. */
  formatNote: string
  url: string
  authentication: string
  steps: readonly string[]
  code?: { what: string; text: string }
  /** What is to be seen at the other end. */
  expect: string
  pitfall: string
}

export const recipes: readonly Recipe[] = [
  {
    key: 'zapier',
    title: 'Zapier (Catch Hook)',
    purpose: 'Start a Zap with each piece of feedback that the rule lets through.',
    format: 'standard',
    formatNote:
      'One field a value, named by its way through the event, as `data__feedback__service__rating`. For thermometers choose “Customer Thermometer”: its body is flat and its names are short.',
    url: 'The one that the trigger shows, `https://hooks.zapier.com/hooks/catch/…`, with everything behind it.',
    authentication:
      'None is asked for: whoever knows the URL can call it, so treat it as a password. With “Account key” a pre-shared key that is set travels to Zapier; choose Basic with an invented user and password to keep it at home.',
    steps: [
      'In Zapier make a Zap whose trigger is “Webhooks by Zapier”, event “Catch Hook”. It needs a paid plan.',
      'Copy the URL of the trigger into WebHook URL here.',
      'Press Test fire here, then “Test trigger” there, and choose the request that has come in. Zapier knows the fields from this one: give the sample every field that the Zap is to use.',
      'Build the actions, publish the Zap, save the WebHook.',
    ],
    expect: 'Zapier answers `200` with `"status": "success"` and an id; the run is in Zap history a few seconds later.',
    pitfall:
      'It answers `200` to a Zap that is paused or has failed as well. A green call here says that Zapier has the event, not that anything was done with it: look into Zap history. And a new owner of the Zap gets a new URL.',
  },
  {
    key: 'make',
    title: 'Make',
    purpose: 'Start a scenario with each piece of feedback.',
    format: 'standard',
    formatNote: 'Make keeps the nesting, so fields are mapped as they are named in the body.',
    url: 'The one that the custom webhook shows, `https://hook.<region>.make.com/…`.',
    authentication:
      'None is asked for, unless an API key is set for the hook in Make: add that under Advanced here, as the custom header `x-make-apikey`. Of the pre-shared key the same is true as for Zapier.',
    steps: [
      'Begin the scenario with the module “Custom webhook” of the app Webhooks, and add a webhook.',
      'Copy its address into WebHook URL here.',
      'While Make waits for data, press Test fire here: it takes the structure from that request.',
      'Add the other modules, switch the scenario on, save the WebHook.',
    ],
    expect:
      'Make answers `200` and `Accepted`; the request stands in the history of the scenario, or in the queue of the hook while the scenario is off.',
    pitfall:
      'Make retires a hook that no scenario uses, after about five days, and then answers `410`. A `410` turns a WebHook off here at once. Connect the hook to its scenario before you save, and after a `410` make a new hook and enter its address.',
  },
  {
    key: 'slack',
    title: 'Slack through Zapier',
    purpose: 'Tell a channel about bad ratings and what was written with them.',
    format: 'customer-thermometer',
    formatNote:
      'Flat, with `response`, `comment` and `recipient` ready for a sentence. For ratings that are no thermometer choose “Full event”.',
    url: 'That of a Catch Hook, as in the recipe for Zapier. Not the incoming webhook of Slack itself: that takes messages in a form of its own and turns down everything else.',
    authentication: 'As for Zapier.',
    steps: [
      'Make the Zap of the first recipe.',
      'In the form here tick only what the channel should hear of, such as Red and Yellow: comment. What is not called costs no task in Zapier and no attention in Slack.',
      'As the action choose Slack, “Send Channel Message”, and write the message with the fields of the sample.',
      'Test fire once more and look at the channel.',
    ],
    expect:
      'A message in the channel some seconds after the customer has answered. Rating first and words later are two events: with both boxes ticked, two messages.',
    pitfall:
      'Customers write what they like, `@channel` too. In the action, leave the linking of user names and channel names off, or one comment rings everybody.',
  },
  {
    key: 'freshdesk',
    title: 'Freshdesk',
    purpose: 'Put a rating and its comment on the ticket it is about.',
    format: 'customer-thermometer',
    formatNote:
      '`custom_1` carries the first of the values in `custom` that your platform sends with the feedback. Let that be the number of the ticket.',
    url: 'That of a Catch Hook of Zapier or a custom webhook of Make.',
    authentication: 'As for Zapier or Make. The API key of Freshdesk is entered there, when you connect it, not here.',
    steps: [
      'Make the Zap or the scenario of the recipes above, and test fire with a ticket number in `custom` of the sample.',
      'Add the Freshdesk action that updates or annotates a ticket, with `custom_1` as the ticket.',
      'Let the note say `response` and `comment`. If there may be no number, look the ticket up by `recipient` first.',
      'Tick the responses and the comments that agents should see, and save.',
    ],
    expect:
      'A private note on the ticket. A second event of the same response (the comment that follows the rating) is a second note.',
    pitfall:
      'The API of Freshdesk can’t be entered as the WebHook URL, even with Basic and its key: it wants the fields of a ticket and answers `400` to all else. Something between the two has to translate.',
  },
  {
    key: 'raw',
    title: 'See the raw request',
    purpose: 'Look at headers and body before you write a line of code.',
    format: 'standard',
    formatNote: 'Or the one your endpoint will get: the test fire signs it like the real thing.',
    url: 'The address that a request bin such as webhook.site gives you; or, on your own machine, `http://127.0.0.1:8080/` of the receiver below.',
    authentication:
      'Basic with an invented user and password, if a pre-shared key is set and the bin is not your own: the bin shows the line that is sent, to everyone who looks.',
    steps: [
      'Open a request bin in another tab, copy its address into WebHook URL, and press Test fire. Nothing has to be saved.',
      'Or start the receiver below on the machine where the hub runs, and start the hub with `HEARBACK_ALLOW_PRIVATE_TARGETS=127.0.0.0/8`.',
      'Whatever was called, the page of each call shows its exact request, with “Copy” for the body.',
    ],
    code: {
      what: 'receiver',
      text: `node -e 'require("http").createServer((q, s) => { console.log(q.rawHeaders); q.pipe(process.stdout, { end: false }); q.on("end", () => s.end()) }).listen(8080, "127.0.0.1")'`,
    },
    expect:
      'The request line by line, `hearback-test: true` among its headers, and a `200` in the outcome of the test fire.',
    pitfall:
      'A bin is open to everyone who knows its address, and forgets after some days. Send it samples, never real customers, and do not leave a WebHook pointed at it.',
  },
]
