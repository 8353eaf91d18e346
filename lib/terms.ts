// Words of the screens that a newcomer would ask about. Each has one name, and one line that stands where it first appears.
// docs/glossary.md lists them.

export const terms = {
  preSharedKey: {
    name: 'Pre-shared key',
    line: 'One key of the account, sent as Authorization: hmac <key>. It tells your endpoint that it is us.',
  },
  probing: {
    name: 'Probing',
    line: 'Ten calls failed in a row. Deliveries wait, and one is called now and then until your endpoint answers.',
  },
  identifier: {
    name: 'Identifier',
    line: 'Names your account in links and in the API.',
  },
  format: {
    name: 'Format',
    line: 'The shape, headers and signature of what is sent. It is chosen once for a WebHook.',
  },
} as const
