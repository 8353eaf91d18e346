import fs from 'node:fs'

/** The routes of every page of app/, sorted, without the groups in parentheses: "/settings/calls/[id]". */
export const appRoutes = (): string[] =>
  (fs.readdirSync('app', { recursive: true }) as string[])
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\/?page\.tsx$/, '').replace(/\([^)]*\)\/?/g, '')}`.replace(/(.)\/$/, '$1'))
    .sort()
