/** An event for the quick start. It stands in single quotes in a shell: none may occur in it. */
export const exampleEvent = `{
  "type": "feedback.created",
  "id": "quick-start-1",
  "source": { "key": "quick-start", "name": "Quick start", "kind": "web_survey" },
  "feedback": {
    "id": "quick-start-feedback-1",
    "service": { "rating": 5, "title": "Fast and kind", "text": "Two days from order to door." },
    "customer": { "displayName": "Priya", "location": "Leeds" }
  }
}`

/** A command that posts the event to the hub at this address. */
export const curlFor = (hubUrl: string): string => `curl -X POST ${new URL('/api/v1/events', hubUrl).href} \\
  -H "Authorization: Bearer $HEARBACK_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${exampleEvent}'`
